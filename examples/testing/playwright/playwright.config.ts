import { defineConfig } from '@playwright/test'

// An ending of their own, so that other test runners leave these files alone.
export default defineConfig({ testMatch: '**/*.e2e.ts' })
