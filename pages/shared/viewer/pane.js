// One picture of the viewer: its canvas, its frames and what lies over them.
function node(tag, properties, ...children) {
  const made = document.createElement(tag)
  for (const [name, value] of Object.entries(properties || {})) {
    if (name in made) made[name] = value
    else made.setAttribute(name, value)
  }
  made.append(...children)
  return made
}

function keep(map, key, value, most) {
  map.delete(key)
  map.set(key, value)
  while (map.size > most) map.delete(map.keys().next().value)
  return value
}

function bytesOf(url) {
  if (memory.blobs.has(url)) return keep(memory.blobs, url, memory.blobs.get(url), 6)
  // Asked for as a range: the server would first compress a whole answer, which takes longer than sending it on this machine.
  const coming = fetch(url, { headers: { Range: "bytes=0-" } }).then((answer) => {
    if (!answer.ok) throw new Error(String(answer.status))
    return answer.arrayBuffer()
  })
  coming.catch(() => memory.blobs.delete(url))
  return keep(memory.blobs, url, coming, 6)
}

class Pane {
  constructor(viewer, data) {
    this.viewer = viewer
    this.frames = new Map()
    this.canvas = node("canvas", { tabIndex: 0, role: "application", className: "picture" })
    this.name = node("figcaption", {})
    this.slider = node("input", { type: "range", min: 1, "aria-label": "Frame" })
    this.slider.oninput = () => this.go(Number(this.slider.value) - 1)
    this.count = node("span", { className: "count" })
    this.button = node("button", { type: "button", textContent: "Analyse this frame" })
    this.button.onclick = () => viewer.send("analyse", { pane: this.data.number, position: this.at() })
    this.row = node("div", { className: "row frames" }, this.slider, this.count, this.button)
    this.box = node("figure", {}, this.name, this.canvas, this.row)
    this.lines = []
    handle(this.canvas, this.actions())
    this.take(data)
  }

  take(data) {
    this.data = data
    this.canvas.style.height = `${this.viewer.data.height}px`
    this.canvas.setAttribute("aria-label", data.alt)
    this.name.textContent = data.name
    this.name.hidden = !data.name
    this.row.hidden = data.count < 2
    this.slider.max = data.count
    const { start, url, frames } = data.block
    bytesOf(url).then((bytes) => {
      frames.forEach((facts, i) => keep(this.frames, start + i, this.frames.get(start + i)?.bytes === bytes ? this.frames.get(start + i) : { ...frameOf(bytes, facts), bytes }, 600))
      if (this.frames.has(this.at())) this.viewer.plan()
      else if (this.asked !== this.at()) this.ask()
    }).catch(() => this.viewer.say("The picture did not arrive: load the page anew."))
    this.told()
  }

  at() {
    return Math.min(this.data.count - 1, this.viewer.view.at[this.data.id] ?? this.data.position)
  }

  go(position) {
    const wanted = Math.max(0, Math.min(this.data.count - 1, position))
    this.viewer.view.at[this.data.id] = wanted
    this.lines = []
    this.told()
    if (!this.frames.has(wanted)) this.ask()
    this.viewer.plan()
  }

  // Frames beyond those that came with the page are asked for once the slider rests.
  ask() {
    clearTimeout(this.asking)
    this.asking = setTimeout(() => {
      this.asked = this.at()
      this.viewer.send("want", { pane: this.data.number, position: this.asked })
    }, 150)
  }

  told() {
    const at = this.at(), own = at === this.data.analysed
    this.slider.value = at + 1
    this.count.textContent = `${at + 1} of ${this.data.count}${own ? ", analysed" : ""}`
    this.button.disabled = own
    this.button.hidden = !this.data.choose
  }

  frame() {
    const found = this.frames.get(this.at())
    return found && !found.error ? found : null
  }

  window() {
    const frame = this.frame()
    return this.viewer.view.windows[this.data.id] || (frame && frame.facts.windows[0])
  }

  layer() {
    return this.at() === this.data.analysed ? this.data.layers[this.viewer.view.layer] : null
  }

  place(width, height) {
    const { w, h, aspect } = this.frame().facts, { zoom, cx, cy } = this.viewer.view
    const sx = Math.min(width / w, height / (h * aspect)) * zoom, sy = sx * aspect
    return { sx, sy, left: width / 2 - cx * w * sx, top: height / 2 - cy * h * sy }
  }

  inside(point) {
    const place = this.place(this.canvas.clientWidth, this.canvas.clientHeight)
    return { x: (point.x - place.left) / place.sx, y: (point.y - place.top) / place.sy }
  }

  draw() {
    const ratio = Math.min(2, devicePixelRatio || 1), canvas = this.canvas, frame = this.frame()
    const width = Math.round(canvas.clientWidth * ratio), height = Math.round(canvas.clientHeight * ratio)
    if (!width || !height) return
    if (canvas.width !== width || canvas.height !== height) {
      canvas.width = width
      canvas.height = height
      this.image = null
    }
    const context = canvas.getContext("2d")
    context.imageSmoothingEnabled = true
    if (!frame) {
      context.clearRect(0, 0, width, height)
      const failed = this.frames.get(this.at())
      written(context, failed ? failed.error : "Loading …", width / 2, height / 2, "center", 13 * ratio)
      return
    }
    const view = this.viewer.view, place = this.place(width, height)
    this.image ??= context.createImageData(width, height)
    paint(this.image, frame, place, this.window(), view.inverted)
    context.putImageData(this.image, 0, 0)
    if (frame.mask && view.drawn) drawOver(context, frame.mask, place, frame.facts)
    const layer = this.layer()
    if (layer && view.opacity) {
      context.globalAlpha = view.opacity / 100
      drawOver(context, evidenceCanvas(layer), place, frame.facts)
      context.globalAlpha = 1
    }
    drawMarks(context, frame.facts.edges, width, height, ratio)
    this.lines.forEach((line) => drawLine(context, line, place, frame.facts, ratio))
    canvas.dataset.draws = Number(canvas.dataset.draws || 0) + 1
    canvas.dataset.drawn = this.data.id
  }

  actions() {
    const viewer = this.viewer
    return {
      tool: () => viewer.view.tool,
      use: (tool) => viewer.set({ tool }),
      window: (dx, dy) => viewer.drag(this, dx, dy),
      move: (dx, dy) => viewer.move(this, dx, dy),
      zoom: (by, point) => viewer.zoom(this, by, point),
      fit: () => viewer.fit(),
      invert: () => viewer.set({ inverted: !viewer.view.inverted }),
      evidence: () => viewer.set({ opacity: viewer.view.opacity ? 0 : viewer.data.opacity }),
      overlay: () => viewer.set({ drawn: !viewer.view.drawn }),
      reset: () => viewer.reset(),
      step: (by) => this.go(this.at() + by),
      keep: () => { this.kept = { ...viewer.view, windows: { ...viewer.view.windows } } },
      back: () => {
        this.lines = this.lines.filter((line) => line.done)
        viewer.set(this.kept)
      },
      look: (point) => viewer.look(this, point),
      lineFrom: (point) => this.frame() && this.lines.push({ x0: this.inside(point).x, y0: this.inside(point).y, x1: this.inside(point).x, y1: this.inside(point).y }),
      lineTo: (point) => {
        if (!this.lines.length) return
        const { x, y } = this.inside(point)
        Object.assign(this.lines[this.lines.length - 1], { x1: x, y1: y })
        viewer.plan()
      },
      clear: () => {
        this.lines = []
        viewer.plan()
      },
      rest: () => {
        this.lines = this.lines.filter((line) => Math.hypot(line.x1 - line.x0, line.y1 - line.y0) > 2).slice(-6)
        this.lines.forEach((line) => { line.done = true })
        viewer.plan()
      },
    }
  }
}
