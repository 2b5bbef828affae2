/** What draws charts, as a bundle of its own. */
import * as charts from '../shared/charts/drawing';

globalThis.mldataCharts = charts;
