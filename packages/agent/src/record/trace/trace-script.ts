/** Opens and closes all rows, and shows failures alone. All that it changes is there without it, too. */
export const traceScript = `
const bar=document.querySelector('.tools'),main=document.querySelector('main')
const all=(open)=>{for(const d of main.querySelectorAll('details'))d.open=open||d.classList.contains('turn')}
const button=(text,act)=>{const b=document.createElement('button');b.type='button';b.textContent=text;b.onclick=()=>act(b);bar.append(b)}
button('Open all',()=>all(true));button('Close all',()=>all(false))
if(main.querySelector('.fails'))button('Failures only',(b)=>b.setAttribute('aria-pressed',main.classList.toggle('only-failures')))
bar.hidden=false
`.trim()

/** Of the script: the page runs this one, and no other. */
export const traceScriptHash = 'sha256-SDAnv0xHw6oVDgrkbw2qzPBsyyHIMZhdUuegNT8e7u4='
