import type { Theme } from 'vitepress'
import DefaultTheme from 'vitepress/theme-without-fonts'
import { defineAsyncComponent, h } from 'vue'
import { markdownLink } from './markdown-link.ts'
import './site.css'

export default {
  extends: DefaultTheme,
  enhanceApp({ app }) {
    app.component(
      'Playground',
      defineAsyncComponent(() => import('../../playground/page/playground.ts').then(({ playground }) => playground)),
    )
  },
  Layout: () => h(DefaultTheme.Layout, null, { 'doc-footer-before': () => h(markdownLink) }),
} satisfies Theme
