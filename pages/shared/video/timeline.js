// A timeline of tracks under a player: a click seeks, and a line follows the playback. Nothing is fetched.
export default function (component) {
  const { data, parentElement } = component
  const root = parentElement.querySelector("#timeline")
  root.replaceChildren()
  if (!data) return
  const player = () => playerIn(data.player)
  const seek = (seconds) => seekIn(data.player, seconds)

  const label = 62, top = 6
  const tops = []
  let bottom = top
  for (const track of data.tracks) {
    tops.push(bottom)
    bottom += track.high
  }
  const height = bottom + 20
  let width = 0
  const svg = make("svg", { role: "group", "aria-label": data.title, height })
  root.appendChild(svg)
  const saying = document.createElement("div")
  saying.className = "saying"
  const following = data.tracks.filter((track) => track.follows)
  if (following.length) root.appendChild(saying)
  let line = null

  function x(seconds) {
    return label + (width - label - 4) * Math.min(1, Math.max(0, seconds / data.seconds))
  }

  function draw() {
    const now = root.clientWidth
    if (!now || now === width) return
    width = now
    svg.setAttribute("width", width)
    svg.setAttribute("viewBox", `0 0 ${width} ${height}`)
    svg.replaceChildren()
    data.tracks.forEach((track, i) => {
      const y = tops[i], row = track.high
      make("text", { x: 0, y: y + 18, class: "name" }, svg, track.name)
      make("rect", { x: label, y: y + 2, width: Math.max(0, width - label - 4), height: row - 6, class: "ground", rx: 3 }, svg)
      if (track.image) {
        const place = { x: label, y: y + 2, width: Math.max(0, width - label - 4), height: row - 6, preserveAspectRatio: "none" }
        make("image", { ...place, href: track.image }, svg)
      }
      if (track.areas.length) {
        for (const area of track.areas) {
          const up = area.upper.map((v, k) => `${x(area.times[k])},${y + 2 + (row - 6) * (1 - v)}`)
          const down = area.lower.map((v, k) => `${x(area.times[k])},${y + 2 + (row - 6) * (1 - v)}`).reverse()
          const shape = make("polygon", { points: up.concat(down).join(" "), fill: area.colour, class: "area" }, svg)
          make("title", {}, shape, area.name)
        }
        make("text", { x: label + 3, y: y + 13, class: "tick" }, svg, "100 %")
        make("text", { x: label + 3, y: y + row - 7, class: "tick" }, svg, "0 %")
      }
      for (const span of track.spans || []) {
        const left = x(span.start), wide = Math.max(2, x(span.end) - left - 1)
        const group = make("g", { class: "span" }, svg)
        const box = { x: left, y: y + 2, width: wide, height: row - 6, rx: 3, fill: span.colour, "fill-opacity": span.strength }
        make("rect", track.image ? { ...box, stroke: span.colour, "stroke-width": 1.5 } : box, group)
        if (wide > 26 && span.text) {
          const most = Math.floor((wide - 6) / 6)
          const text = span.text.length > most ? span.text.slice(0, Math.max(1, most - 1)) + "…" : span.text
          make("text", { x: left + 4, y: y + 18, class: "word" }, group, text)
        }
        make("title", {}, group, `${stretch(span.start, span.end, data.tenths)}  ${span.help || span.text}`)
      }
    })
    const base = bottom + 12
    const steps = [...(data.tenths ? [0.1, 0.2, 0.5] : []), 1, 2, 5, 10, 15, 30, 60, 120, 300, 600]
    const step = steps.find((s) => (data.seconds / s) * 46 < width - label) || 900
    for (let i = 0; i * step <= data.seconds; i++) {
      const t = i * step
      const last = x(t) > width - 24
      make("text", { x: x(t), y: base, class: "tick", "text-anchor": last ? "end" : "start" }, svg, clock(t, step < 1))
    }
    line = make("line", { y1: 0, y2: base - 10, class: "now" }, svg)
    follow()
  }

  function follow() {
    const media = player()
    const at = x(media ? media.currentTime : 0)
    if (line) {
      line.setAttribute("x1", at)
      line.setAttribute("x2", at)
    }
    const now = media ? media.currentTime : 0
    const words = following.flatMap((track) => track.spans.filter((s) => now >= s.start && now < s.end).map((s) => `${track.name}: ${s.text}`))
    if (saying.textContent !== words.join("  ·  ")) saying.textContent = words.join("  ·  ")
  }

  svg.addEventListener("click", (event) => {
    const box = svg.getBoundingClientRect()
    const inside = event.clientX - box.left - label
    if (inside < 0) return
    const seconds = (inside / (width - label - 4)) * data.seconds
    seek(seconds)
    follow()
  })
  svg.addEventListener("keydown", (event) => {
    const media = player()
    const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key]
    if (!media || !by) return
    event.preventDefault()
    seek(media.currentTime + by)
    follow()
  })
  svg.setAttribute("tabindex", "0")

  const watch = new ResizeObserver(draw)
  watch.observe(root)
  draw()
  const timer = setInterval(follow, 100)
  return () => {
    clearInterval(timer)
    watch.disconnect()
  }
}
