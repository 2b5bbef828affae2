/** What draws charts, as a bundle of its own. */
import * as charts from '../shared/chart';

globalThis.mldataCharts = charts;
