import { library } from '../../tsup.shared.ts'

export default library({
  'clouds/bedrock/index': 'src/clouds/bedrock/index.ts',
  'clouds/foundry/index': 'src/clouds/foundry/index.ts',
  'clouds/vertex/index': 'src/clouds/vertex/index.ts',
  'node/index': 'src/node/index.ts',
  'otel/index': 'src/otel/index.ts',
  'platform/browser-development': 'src/platform/browser-development.ts',
  'platform/browser': 'src/platform/browser.ts',
  'platform/server/index': 'src/platform/server/index.ts',
})
