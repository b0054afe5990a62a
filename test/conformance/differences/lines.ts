/** Lines that many histories have, as `stateLine` writes them. */
export const created = 'Pending "Task run created"';
export const started = 'Running "Starting task run."';
export const success = 'Success "Task run succeeded."';
export const scheduled = 'Scheduled "Flow run scheduled."';
export const running = 'Running "Running flow."';
export const flowSuccess = 'Success "All reference tasks succeeded."';
export const flowFailed = 'Failed "Some reference tasks failed."';
