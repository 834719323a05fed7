export { type RedisClient, type RedisUsageStoreOptions, redisUsageStore } from './redis-usage-store.ts'
