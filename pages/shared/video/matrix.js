// A matrix of two films' (or one film's) moments: a cell says what it is worth, a click goes to both moments. Nothing is fetched.
const LEAST = 0.25 // a cell that counts is never so pale that it is missed

export default function (component) {
  const { data, parentElement } = component
  const root = parentElement.querySelector("#matrix")
  root.replaceChildren()
  if (!data) return
  const rows = data.values.length, columns = data.values[0].length
  const side = 320, left = 34, foot = 30
  const wide = side / columns, high = side / rows
  const svg = make("svg", { viewBox: `0 0 ${left + side + 4} ${side + foot}`, role: "group", tabindex: 0, "aria-label": data.title })
  const note = document.createElement("div")
  note.className = "note"
  note.textContent = data.hint
  root.append(svg, note)
  make("rect", { x: left, y: 0, width: side, height: side, class: "ground" }, svg)
  const spread = Math.max(1e-6, data.high - data.low)
  function told(i, j) {
    const words = (list, k) => (list.length && list[k] ? ` (${list[k]})` : "")
    const down = `${data.rows_name} at ${clock(data.row_times[i], data.rows_tenths)}${words(data.rows_words, i)}`
    const across = `${data.columns_name} at ${clock(data.column_times[j], data.columns_tenths)}${words(data.columns_words, j)}`
    const value = data.values[i][j]
    const worth = value === null ? "nothing to compare" : `${value >= data.low ? data.near : data.far}, ${value.toFixed(2)}`
    return `${down}, ${across}: ${worth}`
  }
  data.values.forEach((row, i) => row.forEach((value, j) => {
    const strength = value === null || value < data.low ? 0 : LEAST + (1 - LEAST) * Math.min(1, (value - data.low) / spread)
    const place = { x: left + j * wide, y: i * high, width: wide + 0.3, height: high + 0.3 }
    const cell = make("rect", { ...place, class: "cell", "fill-opacity": strength.toFixed(3) }, svg)
    make("title", {}, cell, told(i, j))
  }))
  if (data.diagonal) make("line", { x1: left, y1: 0, x2: left + side, y2: side, class: "diagonal" }, svg)
  const mark = make("rect", { width: wide, height: high, class: "mark", visibility: "hidden" }, svg)
  make("text", { x: left + side / 2, y: side + 26, "text-anchor": "middle", class: "name" }, svg, data.columns_name)
  make("text", { transform: `translate(10 ${side / 2}) rotate(-90)`, "text-anchor": "middle", class: "name" }, svg, data.rows_name)
  make("text", { x: left, y: side + 12, class: "tick" }, svg, clock(0))
  make("text", { x: left + side, y: side + 12, class: "tick", "text-anchor": "end" }, svg, clock(data.columns_s, data.columns_tenths))
  make("text", { x: left - 3, y: 10, class: "tick", "text-anchor": "end" }, svg, clock(0))
  make("text", { x: left - 3, y: side, class: "tick", "text-anchor": "end" }, svg, clock(data.rows_s, data.rows_tenths))

  let at = [0, 0]
  function show(i, j, go) {
    at = [Math.min(rows - 1, Math.max(0, i)), Math.min(columns - 1, Math.max(0, j))]
    const there = data.row_times[at[0]], here = data.column_times[at[1]]
    mark.setAttribute("x", left + at[1] * wide)
    mark.setAttribute("y", at[0] * high)
    mark.setAttribute("visibility", "visible")
    note.replaceChildren(`${told(at[0], at[1])} `)
    for (const [player, name, seconds, tenths] of [
      [data.rows_player, data.rows_name, there, data.rows_tenths], [data.columns_player, data.columns_name, here, data.columns_tenths],
    ]) {
      const button = document.createElement("button")
      button.type = "button"
      button.textContent = `${name} ${clock(seconds, tenths)}`
      button.onclick = () => seekIn(player, seconds)
      note.appendChild(button)
    }
    if (go) {
      seekIn(data.rows_player, there)
      if (data.columns_player !== data.rows_player) seekIn(data.columns_player, here)
    }
  }
  svg.addEventListener("click", (event) => {
    const box = svg.getBoundingClientRect(), scale = (left + side + 4) / box.width
    const x = (event.clientX - box.left) * scale - left, y = (event.clientY - box.top) * scale
    if (x >= 0 && x < side && y >= 0 && y < side) show(Math.floor(y / high), Math.floor(x / wide), true)
  })
  svg.addEventListener("keydown", (event) => {
    const step = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }[event.key]
    if (step) {
      event.preventDefault()
      show(at[0] + step[0], at[1] + step[1], false)
    } else if (event.key === "Enter") show(at[0], at[1], true)
  })
}
