import { mkdtempSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createMockServer, script, type Turn } from '@enjamb/testing'
import { defineTool, type ToolEntry } from '@enjamb/tools'
import { codingTools } from '@enjamb/tools/node'
import { describe, expect, it, onTestFinished } from 'vitest'
import { type AgentOptions, createAgent, type ToolScope } from '../index.ts'

async function agentOf(options: AgentOptions, turns: Turn[] = ['Done.']) {
  const server = await createMockServer({ script: script(turns) })
  onTestFinished(() => server.close())
  return { server, agent: createAgent({ apiKey: 'key', baseURL: server.url, ...options }) }
}

const tool = (name: string) => defineTool({ name, description: 'Works.', input: { type: 'object' }, run: () => name })

/** A list that says when it is ended. */
function closable(name: string, ended: string[]): ToolEntry[] & AsyncDisposable {
  return Object.assign([tool(name)], { [Symbol.asyncDispose]: async () => void ended.push(name) })
}

describe('tools that are made for each session', () => {
  it('know which it is, and work in its folder', async () => {
    const folders = [0, 1].map(() => realpathSync(mkdtempSync(join(tmpdir(), 'enjamb-cwd-'))))
    onTestFinished(() => {
      for (const folder of folders) rmSync(folder, { recursive: true })
    })
    const scopes: ToolScope[] = []
    const tools = (scope: ToolScope) => {
      scopes.push(scope)
      return codingTools({ cwd: scope.cwd })
    }
    const pwd = { toolCalls: [{ name: 'Bash', input: { command: 'pwd' } }] }
    const { agent } = await agentOf({ tools, cwd: folders[0]! }, [pwd, 'Done.', pwd, 'Done.'])
    const [one, two] = [await agent.session(), await agent.session({ cwd: folders[1]! })]
    expect(scopes).toEqual([
      { sessionId: one.id, cwd: folders[0] },
      { sessionId: two.id, cwd: folders[1] },
    ])
    for (const [index, session] of [one, two].entries()) {
      const { calls } = await session.send('Where?').final()
      expect(calls[0]?.result).toContain(folders[index])
      await session.close()
    }
  })

  it('end with it, each list of them, and before others may write it', async () => {
    const ended: string[] = []
    const { agent } = await agentOf({ tools: () => [closable('a', ended), tool('b'), closable('c', ended)] })
    const session = await agent.session({ id: 's' })
    await session.send('Go.').final()
    expect(ended).toEqual([])
    await session.close()
    await session.close()
    expect(ended.sort()).toEqual(['a', 'c'])
    await using again = await agent.session({ id: 's', resume: true })
    expect(again.status).toBe('idle')
  })

  it('end where the session cannot be opened, which others can open then', async () => {
    const ended: string[] = []
    let broken = true
    const list = () => (broken ? [closable('a', ended), tool('a')] : closable('a', ended))
    const { agent } = await agentOf({ tools: list })
    await expect(agent.session({ id: 's' })).rejects.toThrow('Two tools are named "a".')
    expect(ended).toEqual(['a'])
    broken = false
    const session = await agent.session({ id: 's' })
    await session.close()
    const failing = await agentOf({ tools: () => Promise.reject(new Error('no server')), store: agent.store })
    await expect(failing.agent.session({ id: 's', resume: true })).rejects.toThrow('no server')
    const again = await agent.session({ id: 's', resume: true })
    await again.close()
  })

  it('are what hooks are checked against', async () => {
    const hooks = { beforeTool: { tool: 'b', run: () => undefined } } as unknown as NonNullable<AgentOptions['hooks']>
    const { agent } = await agentOf({ tools: () => [tool('a')], hooks })
    await expect(agent.session()).rejects.toMatchObject({ code: 'config' })
  })
})

describe('tools that all sessions share', () => {
  it('may be lists in a list, are checked at once, and do not end with a session', async () => {
    const ended: string[] = []
    const { agent, server } = await agentOf({ tools: [closable('a', ended), tool('b')], denyTools: ['b'] })
    await using session = await agent.session()
    await session.send('Go.').final()
    expect(server.requests[0]?.body).toMatchObject({ tools: [{ name: 'a' }] })
    await session.close()
    expect(ended).toEqual([])
    expect(() => createAgent({ apiKey: 'key', tools: [[tool('a')], tool('a')] })).toThrow('Two tools are named "a".')
    expect(() => createAgent({ apiKey: 'key', tools: 'Bash' as never })).toThrow('tools must be a list')
  })
})
