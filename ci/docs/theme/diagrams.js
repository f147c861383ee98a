// Draws the page's Mermaid diagrams, again when the reader changes between dark and light.
(function () {
	"use strict";

	const diagrams = [];
	let drawing = Promise.resolve();

	function theme() {
		return document.body.getAttribute("data-md-color-scheme") === "slate" ? "dark" : "neutral";
	}

	async function draw() {
		mermaid.initialize({ startOnLoad: false, securityLevel: "strict", theme: theme() });
		for (const [index, diagram] of diagrams.entries()) {
			const { svg } = await mermaid.render("diagram-" + index, diagram.text, diagram.element);

			diagram.element.innerHTML = svg;
			diagram.element.classList.add("drawn");
		}
		document.body.dataset.diagrams = theme();
	}

	function redraw() {
		drawing = drawing.then(draw);
	}

	for (const element of document.querySelectorAll(".diagram"))
		diagrams.push({ element, text: element.textContent });
	redraw();
	new MutationObserver(redraw).observe(document.body, {
		attributeFilter: ["data-md-color-scheme"],
	});
})();
