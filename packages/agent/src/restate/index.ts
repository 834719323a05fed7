export { FleetError, type FleetErrorReason } from '../errors/fleet-error.ts'
export { type FleetAdmin, fleetAdmin, type ParkedTurn } from './fleet-admin.ts'
export {
  type FleetClient,
  type FleetClientOptions,
  type FleetSendOptions,
  type FleetTurn,
  fleetClient,
} from './fleet-client.ts'
export { type FleetPacerOptions, fleetPacer } from './fleet-pacer.ts'
export type { FleetResult } from './messages.ts'
export { type FleetServices, type SessionServiceOptions, sessionService } from './session-service.ts'
export { startWorker, type Worker, type WorkerOptions } from './start-worker.ts'
