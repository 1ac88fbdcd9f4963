// Passages of a film as buttons, below one another or as a strip of pictures: a click seeks, the one that plays is marked. Nothing is fetched.
export default function (component) {
  const { data, parentElement } = component
  const root = parentElement.querySelector("#passages")
  root.replaceChildren()
  if (!data) return
  const list = document.createElement("ol")
  list.className = data.pictures ? "strip" : "lines"
  list.setAttribute("aria-label", data.title)
  const buttons = data.passages.map((passage) => {
    const item = document.createElement("li")
    const button = document.createElement("button")
    button.type = "button"
    button.onclick = () => seekIn(data.player, passage.start)
    if (passage.picture) {
      const picture = document.createElement("img")
      picture.src = passage.picture
      picture.alt = passage.alt
      button.appendChild(picture)
    }
    const when = document.createElement("span")
    when.className = "when"
    when.textContent = data.pictures ? stretch(passage.start, passage.end, data.tenths) : clock(passage.start, data.tenths)
    const text = document.createElement("span")
    text.textContent = passage.text
    button.append(when, text)
    item.appendChild(button)
    list.appendChild(item)
    return button
  })
  root.appendChild(list)

  let marked = -1
  function follow() {
    const media = playerIn(data.player)
    const now = media ? media.currentTime : 0
    const at = data.passages.findIndex((passage) => now >= passage.start && now < passage.end)
    if (at === marked) return
    if (buttons[marked]) buttons[marked].removeAttribute("aria-current")
    marked = at
    const button = buttons[at]
    if (!button) return
    button.setAttribute("aria-current", "true")
    const room = list.getBoundingClientRect(), place = button.getBoundingClientRect()
    list.scrollTop += Math.min(0, place.top - room.top) + Math.max(0, place.bottom - room.bottom)
    list.scrollLeft += Math.min(0, place.left - room.left) + Math.max(0, place.right - room.right)
  }

  const timer = setInterval(follow, 200)
  follow()
  return () => clearInterval(timer)
}
