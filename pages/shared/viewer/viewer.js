// The viewer: one picture, or two side by side with one window, zoom and place. What the user set stays over a run of the page.
const memory = (globalThis.triptychViewer ??= { views: new Map(), blobs: new Map() })
const viewers = new WeakMap()
const TOOLS = { window: ["Window", "Drag: right for more contrast range, up for brighter (W)"], move: ["Move", "Drag to move (M)"], measure: ["Measure", "Drag from one point to another (D)"] }
const HINT = "Click the picture, then: wheel or + and − zoom, arrows move, Shift with arrows windows, PageUp and PageDown step through frames, "
  + "I inverts, E hides the evidence, O the overlay of the file, 0 fits, R resets, Escape takes measured lines away. W, M and D choose what a drag does: "
  + "window, move or measure a distance, which needs mouse or finger. A double click fits; Shift or the right button moves."

class Viewer {
  constructor(root) {
    this.root = root
    this.watch = new ResizeObserver(() => this.plan())
  }

  take(component) {
    this.component = component
    this.data = component.data
    const { panes, layers } = this.data
    const shape = JSON.stringify([panes.map((pane) => [pane.id, pane.count > 1]), layers.map((layer) => layer.name)])
    const key = panes.map((pane) => pane.id).join()
    this.view = memory.views.get(key) || keep(memory.views, key, this.fresh(), 40)
    if (this.shape === shape) {
      this.panes.forEach((pane, i) => pane.take(panes[i]))
    } else {
      this.shape = shape
      this.build()
    }
    this.scale()
    this.plan()
  }

  fresh() {
    return { zoom: 1, cx: 0.5, cy: 0.5, inverted: false, windows: {}, at: {}, opacity: this.data.opacity, layer: 0, drawn: true, tool: "window", own: false }
  }

  build() {
    this.watch.disconnect()
    this.looking = this.options = null
    this.choice = node("select", { "aria-label": "Window preset" })
    this.choice.onchange = () => this.preset(this.choice.value)
    this.tools = Object.entries(TOOLS).map(([tool, [text, title]]) => {
      const button = node("button", { type: "button", textContent: text, title })
      button.onclick = () => this.set({ tool })
      return [tool, button]
    })
    this.invert = node("button", { type: "button", textContent: "Invert", title: "Black for white (I)" })
    this.invert.onclick = () => this.set({ inverted: !this.view.inverted })
    this.drawn = node("button", { type: "button", textContent: "Overlay", title: "Drawings that the file lays over its picture (O)" })
    this.drawn.onclick = () => this.set({ drawn: !this.view.drawn })
    const back = node("button", { type: "button", textContent: "Reset", title: "Window, zoom and place as they were (R)" })
    back.onclick = () => this.reset()
    const help = node("button", { type: "button", textContent: "?", title: HINT, "aria-label": "Keys" })
    help.onclick = () => { this.hint.hidden = !this.hint.hidden }
    this.hint = node("p", { className: "hint", textContent: HINT, hidden: true })
    this.panes = this.data.panes.map((data) => new Pane(this, data))
    this.opacity = node("input", { type: "range", min: 0, max: 100, step: 1, "aria-label": "Evidence over the picture, per cent" })
    this.opacity.oninput = () => this.set({ opacity: Number(this.opacity.value) })
    this.layers = node("select", { "aria-label": "What is laid over" }, ...this.data.layers.map((layer, i) => node("option", { value: i, textContent: layer.name })))
    this.layers.onchange = () => { this.set({ layer: Number(this.layers.value) }); this.scale() }
    this.label = node("span", { className: "label" })
    this.ticks = node("div", { className: "ticks" })
    this.over = node("div", { className: "over" }, node("div", { className: "row" }, this.label, this.layers, this.opacity), node("div", { className: "bar" }), this.ticks)
    this.status = node("p", { className: "status" })
    const group = node("span", { className: "group", role: "group", "aria-label": "Dragging" }, ...this.tools.map(([, button]) => button))
    this.root.replaceChildren(
      node("div", { className: "row tools" }, this.choice, group, this.invert, this.drawn, back, help), this.hint,
      node("div", { className: "panes" }, ...this.panes.map((pane) => pane.box)), this.status, this.over,
    )
    this.panes.forEach((pane) => this.watch.observe(pane.canvas))
  }

  send(name, value) {
    this.component[name === "want" ? "setStateValue" : "setTriggerValue"](name, value)
  }

  say(text) {
    this.status.textContent = text
  }

  set(change) {
    Object.assign(this.view, change)
    this.plan()
  }

  plan() {
    this.planned ??= requestAnimationFrame(() => {
      this.planned = null
      this.show()
    })
  }

  show() {
    const view = this.view, first = this.panes[0], frame = first.frame(), measures = this.panes.some((pane) => pane.frame()?.facts.spacing)
    this.panes.forEach((pane) => pane.draw())
    for (const [tool, button] of this.tools) button.setAttribute("aria-pressed", view.tool === tool)
    const measure = this.tools.find(([tool]) => tool === "measure")[1]
    measure.disabled = !measures
    measure.title = measures ? TOOLS.measure[1] : "The file does not say how large a pixel is"
    if (!measures && view.tool === "measure") view.tool = "window"
    this.invert.setAttribute("aria-pressed", view.inverted)
    this.drawn.hidden = !this.panes.some((pane) => pane.frame()?.mask)
    this.drawn.setAttribute("aria-pressed", view.drawn)
    this.opacity.value = view.opacity
    this.layers.value = view.layer
    this.tell()
    if (!frame) return
    const names = frame.facts.windows.map((window) => window.name), chosen = view.windows[first.data.id]
    const options = JSON.stringify([names, !!chosen && !chosen.name])
    if (this.options !== options) {
      this.options = options
      const all = chosen && !chosen.name ? [...names, "Own window"] : names
      this.choice.replaceChildren(...all.map((name) => node("option", { value: name, textContent: name })))
    }
    this.choice.value = chosen ? chosen.name || "Own window" : names[0]
  }

  words(pane) {
    const frame = pane.frame(), { c, w } = pane.window(), said = [`Centre ${round(c)}, width ${round(w)} ${frame.facts.units}`.trim()]
    said.push(`zoom ${Math.round(this.view.zoom * 100)} %`)
    if (frame.facts.spacing && frame.facts.detector) said.push("sizes are those at the detector")
    return said.join(" · ")
  }

  look(pane, point) {
    this.looking = point ? { pane, point } : null
    this.tell()
  }

  // What is under the pointer while it rests on a picture, else the window; anew with every view, as frame and zoom change under it.
  tell() {
    const pane = this.looking?.pane ?? this.panes[0]
    if (pane.frame()) this.say(this.under() || this.words(pane))
    else if (this.looking) this.say("")
  }

  under() {
    if (!this.looking) return ""
    const { pane, point } = this.looking, frame = pane.frame(), { x, y } = pane.inside(point), value = valueAt(frame, x, y)
    if (value === null) return ""
    const layer = pane.layer(), score = layer ? evidenceAt(layer, frame.facts, x, y) : null
    const evidence = score === null || score === undefined ? "" : ` · ${score > 0 ? "+" : ""}${(100 * score).toFixed(1).replace("-", "−")} pts`
    return `${Math.floor(x)}, ${Math.floor(y)}: ${typeof value === "number" ? round(value) : value} ${frame.facts.units}${evidence}`
  }

  preset(name) {
    for (const pane of this.panes) {
      const frame = pane.frame(), found = frame?.facts.windows.find((window) => window.name === name)
      if (found) this.view.windows[pane.data.id] = found
      else if (frame && pane !== this.panes[0]) this.follow(this.panes[0], pane)
    }
    this.plan()
  }

  drag(pane, dx, dy) {
    const frame = pane.frame()
    if (!frame) return
    const now = pane.window(), whole = frame.facts.windows[0].w
    const turned = this.view.inverted !== (frame.facts.inverted && frame.facts.kind !== "rgb")
    const least = frame.facts.kind === "rgb" ? 1 : Math.max(1e-6, Math.min(1, whole / 1000))
    const w = Math.max(least, now.w + dx * 1.5 * whole), c = now.c + dy * 1.5 * whole * (turned ? -1 : 1)
    this.view.windows[pane.data.id] = { c, w, f: now.f === "TABLE" ? "LINEAR" : now.f }
    for (const other of this.panes) if (other !== pane && other.frame()) this.follow(pane, other)
    this.looking = null
    this.plan()
  }

  // The other picture's window by the same numbers where both have the same units, else by the same part of its own first window.
  follow(from, to) {
    const window = from.window(), a = from.frame().facts, b = to.frame().facts
    const same = a.units && a.units === b.units, own = a.windows[0], other = b.windows[0]
    const c = same ? window.c : other.c + ((window.c - own.c) / own.w) * other.w, w = same ? window.w : (window.w / own.w) * other.w
    this.view.windows[to.data.id] = { c, w, f: window.f === "TABLE" ? "LINEAR" : window.f }
  }

  move(pane, dx, dy) {
    if (!pane.frame()) return
    const place = pane.place(pane.canvas.clientWidth, pane.canvas.clientHeight), { w, h } = pane.frame().facts, view = this.view
    this.centre(view.cx - dx / place.sx / w, view.cy - dy / place.sy / h)
  }

  centre(cx, cy) {
    const room = Math.max(0, 0.5 - 0.5 / this.view.zoom)
    this.set({ cx: Math.min(0.5 + room, Math.max(0.5 - room, cx)), cy: Math.min(0.5 + room, Math.max(0.5 - room, cy)) })
  }

  zoom(pane, by, point) {
    if (!pane.frame()) return
    const before = pane.inside(point), { w, h } = pane.frame().facts
    this.view.zoom = Math.min(40, Math.max(1, this.view.zoom * by))
    const after = pane.inside(point)
    this.centre(this.view.cx + (before.x - after.x) / w, this.view.cy + (before.y - after.y) / h)
  }

  fit() {
    this.set({ zoom: 1, cx: 0.5, cy: 0.5 })
  }

  reset() {
    const { at, layer, tool, opacity, drawn } = this.view
    this.panes.forEach((pane) => { pane.lines = [] })
    this.set({ ...this.fresh(), at, layer, tool, opacity, drawn })
  }

  scale() {
    const layer = this.data.layers[this.view.layer]
    this.over.hidden = !layer
    if (!layer) return
    this.layers.hidden = this.data.layers.length < 2
    this.label.hidden = !this.layers.hidden
    this.label.textContent = layer.name
    this.ticks.replaceChildren(...layer.ticks.map((text) => node("span", { textContent: text })))
  }
}

function round(value) {
  return Math.abs(value) >= 100 || Number.isInteger(value) ? String(Math.round(value)) : String(Number(value.toPrecision(3)))
}

export default function (component) {
  const { parentElement, data } = component, root = parentElement.querySelector("#viewer")
  if (!root || !data) return
  if (!viewers.has(root)) viewers.set(root, new Viewer(root))
  const viewer = viewers.get(root)
  viewer.take(component)
  return () => viewer.watch.disconnect()
}
