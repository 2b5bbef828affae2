export { alertOf, sideName, trialAlert } from './alert';
export { decide, severityOf, type Told } from './decide';
export { deliver, failedDelivery, hasPlaces } from './deliver';
export { acknowledged, alertFile, keepAlerts, readAlerts, type KeptAlert } from './history';
