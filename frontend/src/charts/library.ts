/** The parts of ECharts that our kinds of charts need; SVG only. */
import { BarChart, CustomChart, LineChart, ScatterChart } from 'echarts/charts';
import { GraphicComponent, GridComponent, LegendComponent, LegendScrollComponent, MarkLineComponent, TooltipComponent } from 'echarts/components';
import { init, registerMap, use } from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';

use([
  BarChart, CustomChart, LineChart, ScatterChart,
  GraphicComponent, GridComponent, LegendComponent, LegendScrollComponent, MarkLineComponent, TooltipComponent,
  SVGRenderer,
]);

export { init, registerMap, use };
