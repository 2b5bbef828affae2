export { alertOf, sideName, trialAlert } from './alert';
export { decide, severityOf, type Told } from './decide';
export { deliver, failedDelivery, hasPlaces } from './deliver';
export { keepPost, outboxOf, putPost, readPosts, trimOutbox, type Post } from './outbox';
export { postAlerts, webhookAddress, type PostPlace } from './post';
export { acknowledged, alertFile, keepAlerts, readAlerts, type KeptAlert } from './history';
