import { expectTypeOf, test } from 'vitest'
import type { Permission, PermissionDecision } from '../index.ts'

test('an answer may be worked out, beside one that waits', () => {
  const rule: Permission = ({ name }) => (name === 'ask' ? { defer: true } : { allow: name !== 'deny' })
  const later: Permission = async ({ name }) => (name === 'ask' ? { defer: true } : { allow: name !== 'deny' })
  expectTypeOf([rule, later]).toExtend<Permission[]>()
})

test('other input goes with a yes, a reason with a no, and neither with an answer that may be both', () => {
  expectTypeOf<{ allow: true; input: { command: string } }>().toExtend<PermissionDecision>()
  expectTypeOf<{ allow: false; reason: string }>().toExtend<PermissionDecision>()
  expectTypeOf<{ allow: boolean; input: { command: string } }>().not.toExtend<PermissionDecision>()
  expectTypeOf<{ allow: boolean; reason: string }>().not.toExtend<PermissionDecision>()
})

test('a call is decided or waits, not both', () => {
  expectTypeOf<{ allow: true; defer: true }>().not.toExtend<PermissionDecision>()
  expectTypeOf<{ reason: string }>().not.toExtend<PermissionDecision>()
})
