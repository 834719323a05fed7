import { useData, withBase } from 'vitepress'
import { defineComponent, h } from 'vue'

/** A link to the page as it was written, for whoever has no use for its form. */
export const markdownLink = defineComponent(() => {
  const { page } = useData()
  return () => h('a', { class: 'as-markdown', href: withBase(`/${page.value.relativePath}`) }, 'This page as Markdown')
})
