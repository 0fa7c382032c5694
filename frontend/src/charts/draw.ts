export function drawCharts(_root: ParentNode): void {}
