/** How the trace looks: on paper and at night, on a desk and on a phone. */
export const traceStyles = `
:root{color-scheme:light dark;
--bg:#fbfaf8;--card:#fff;--ink:#1f1e1c;--soft:#6b6862;--line:#e6e2db;--hover:#f4f1ec;--code:#f6f4f0;
--reply:#6d5bd0;--call:#1f8a80;--agent:#2f6fd0;--fail:#c8372d;--wait:#b47708;--fresh:#d0875b;--write:#c9b06a;--read:#7fb09b;
--wf:clamp(170px,34vw,520px)}
@media(prefers-color-scheme:dark){:root{
--bg:#161513;--card:#1e1d1b;--ink:#eceae5;--soft:#a09c94;--line:#33312d;--hover:#272522;--code:#141311;
--reply:#a394f5;--call:#4fbdb1;--agent:#74a5f0;--fail:#f2766b;--wait:#e2ab4a;--fresh:#d99a72;--write:#bfa967;--read:#77ad96}}
*{box-sizing:border-box}
body{margin:0;background:var(--bg);color:var(--ink);font:15px/1.5 system-ui,-apple-system,"Segoe UI",sans-serif}
main{max-width:1240px;margin:0 auto;padding:28px 24px 80px}
h1{font-size:24px;line-height:1.25;margin:0 0 4px;letter-spacing:-.01em;overflow-wrap:anywhere}
.meta{color:var(--soft);font-size:13px;display:flex;flex-wrap:wrap;gap:4px 14px;align-items:center;overflow-wrap:anywhere}
code,pre,.mono{font-family:ui-monospace,"SF Mono",Menlo,Consolas,monospace;font-size:12.5px}
.pill{border:1px solid currentColor;border-radius:99px;padding:0 8px;font-size:12px;line-height:18px;white-space:nowrap}
.pill.completed{color:var(--call)}.pill.waiting,.pill.turn_limit,.pill.open{color:var(--wait)}
.pill.failed,.pill.refused,.pill.over_budget,.pill.interrupted{color:var(--fail)}
.tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(150px,1fr));gap:1px;margin:20px 0 26px;background:var(--line);border:1px solid var(--line);border-radius:10px;overflow:hidden}
.tile{background:var(--card);padding:12px 16px}
.tile b{display:block;font-size:20px;font-weight:600;font-variant-numeric:tabular-nums;letter-spacing:-.01em}
.tile span{color:var(--soft);font-size:12.5px}
.tile .bad{color:var(--fail)}
.cache{display:flex;height:5px;border-radius:3px;overflow:hidden;background:var(--line);margin:4px 0 5px}
.cache i{display:block}.cache .fresh{background:var(--fresh)}.cache .write{background:var(--write)}.cache .read{background:var(--read)}
.turn{border-top:1px solid var(--line);padding:6px 0 14px}
.turn>summary{display:flex;gap:10px;align-items:baseline;padding:10px 6px;cursor:pointer;border-radius:6px;list-style:none}
.turn>summary::-webkit-details-marker,.row>summary::-webkit-details-marker{display:none}
.turn>summary:hover,.row>summary:hover{background:var(--hover)}
.turn>summary .no{color:var(--soft);font-size:13px;white-space:nowrap;font-variant-numeric:tabular-nums}
.turn>summary .ask{font-weight:600;flex:1;min-width:0;overflow:hidden;text-overflow:ellipsis;display:-webkit-box;-webkit-line-clamp:2;-webkit-box-orient:vertical;overflow-wrap:anywhere}
.turn>summary .tag{color:var(--soft);border-color:var(--line)}
.turn>summary .sum{color:var(--soft);font-size:13px;white-space:nowrap;font-variant-numeric:tabular-nums}
.row{content-visibility:auto;contain-intrinsic-size:auto 32px}
.row>summary,.columns{display:grid;grid-template-columns:minmax(0,1fr) var(--wf) 74px 112px;gap:0 12px;align-items:center;padding:4px 6px}
.columns{padding-bottom:6px}
.row>summary{cursor:pointer;border-radius:6px;list-style:none;min-height:32px}
.row>summary:focus-visible,.turn>summary:focus-visible{outline:2px solid var(--agent);outline-offset:-2px}
.label{display:flex;gap:8px;align-items:baseline;min-width:0}
.label:before{content:"";flex:none;width:8px;height:9px;clip-path:polygon(0 0,100% 50%,0 100%);background:var(--kind);align-self:center}
.row[open]>summary .label:before{transform:rotate(90deg)}
.label b{font-weight:600;white-space:nowrap;flex:none;max-width:55%;overflow:hidden;text-overflow:ellipsis}
.label .text{color:var(--soft);overflow:hidden;text-overflow:ellipsis;white-space:nowrap;min-width:0}
.reply{--kind:var(--reply)}.call{--kind:var(--call)}.spawn{--kind:var(--agent)}.prompt,.event{--kind:var(--soft)}
.waits{--kind:var(--wait)}.fails{--kind:var(--fail)}
.fails>summary b{color:var(--fail)}
.undone{opacity:.5}.undone>summary .text{text-decoration:line-through}
.tag{flex:none;font-size:11.5px;line-height:17px;padding:0 6px;border-radius:4px;color:var(--kind);border:1px solid color-mix(in srgb,var(--kind) 45%,transparent);white-space:nowrap}
.bar{position:relative;height:10px;background:linear-gradient(90deg,var(--line) 1px,transparent 1px) 0 0/25% 100%;border-right:1px solid var(--line)}
.bar i{position:absolute;top:1px;bottom:1px;min-width:3px;border-radius:2px;background:var(--kind)}
.num{color:var(--soft);font-size:12.5px;text-align:right;white-space:nowrap;font-variant-numeric:tabular-nums}
.body{margin:2px 0 12px 9px;padding:2px 0 2px 14px;border-left:2px solid color-mix(in srgb,var(--kind) 40%,transparent)}
.body h4{margin:10px 0 4px;font-size:12px;font-weight:600;color:var(--soft)}
.body .facts{color:var(--soft);font-size:12.5px;margin:6px 0;overflow-wrap:anywhere}
.say{white-space:pre-wrap;overflow-wrap:anywhere;unicode-bidi:plaintext;margin:6px 0;max-width:80ch;max-height:60vh;overflow:auto}
.think{color:var(--soft);font-style:italic}
pre{margin:0 0 6px;padding:8px 10px;background:var(--code);border:1px solid var(--line);border-radius:6px;white-space:pre-wrap;overflow-wrap:anywhere;unicode-bidi:plaintext;max-height:22rem;overflow:auto;tab-size:2}
.fails pre.out{border-color:color-mix(in srgb,var(--fail) 50%,transparent)}
dl{display:grid;grid-template-columns:max-content minmax(0,1fr);gap:4px 12px;margin:4px 0}
dt{color:var(--soft);font-size:12.5px;padding-top:8px}dd{margin:0;min-width:0}dd pre{margin:0}
img{max-width:min(100%,480px);max-height:320px;border:1px solid var(--line);border-radius:6px;display:block;margin:4px 0}
.cut{display:block;color:var(--wait);font-style:normal;font-size:12px;padding:6px 0}
.child{margin:2px 0 6px}
.child>.head{color:var(--soft);font-size:13px;padding:2px 6px;display:flex;flex-wrap:wrap;gap:2px 12px;align-items:center}
.child>.head b{color:var(--agent)}
.more{margin:4px 6px;font-size:12.5px}.more summary{color:var(--soft);cursor:pointer}
.setup{border-top:1px solid var(--line);padding:10px 6px;color:var(--soft);font-size:13.5px}
.setup summary{cursor:pointer}.setup pre{color:var(--ink);margin-top:8px}
.tools{display:flex;gap:8px;margin:0 0 14px;flex-wrap:wrap}
.tools button{font:inherit;font-size:13px;color:var(--ink);background:var(--card);border:1px solid var(--line);border-radius:6px;padding:3px 10px;cursor:pointer}
.tools button:hover{background:var(--hover)}.tools button[aria-pressed=true]{border-color:var(--fail);color:var(--fail)}
.turn>.facts{color:var(--fail);font-size:13.5px;margin:6px;overflow-wrap:anywhere}
.only-failures :is(.row,.turn):not(.fails,:has(.fails,.pill.failed)){display:none}
.none{color:var(--soft);padding:30px 0}
@media(max-width:760px){
body{font-size:14.5px}main{padding:18px 12px 60px}h1{font-size:20px}
.tiles{grid-template-columns:1fr 1fr}.tile{padding:9px 12px}.tile b{font-size:17px}
.turn>summary{flex-wrap:wrap}.turn>summary .ask{flex-basis:100%;order:3}.turn>summary .tag{color:var(--soft);border-color:var(--line)}
.turn>summary .sum{margin-left:auto}
.row>summary{grid-template-columns:minmax(0,1fr) auto;gap:3px 8px;padding:6px}
.row>summary .bar{grid-column:1/-1;grid-row:2;height:6px;width:min(100%,100vw - 112px);justify-self:end}
.child>.head .mono{order:1}.row>summary .tok,.columns{display:none}
.row{contain-intrinsic-size:auto 44px}
dl{grid-template-columns:1fr;gap:0}dt{padding-top:6px}}
@media print{.tools{display:none}pre,.say{max-height:none}.row{content-visibility:visible}}
`.trim()
