import DefaultTheme from 'vitepress/theme-without-fonts'
import { inBrowser, type Theme } from 'vitepress'
import { addOtherVersions } from './otherVersions'
import Playground from './Playground.vue'
import './style.css'

const theme: Theme = {
  extends: DefaultTheme,
  enhanceApp: ({ app, siteData }) => {
    app.component('Playground', Playground)
    if (inBrowser) void addOtherVersions({ siteData })
  },
}

export default theme
