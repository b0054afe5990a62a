/** The times of a schedule. They are not in `index.ts`, since an author's flow imports that and needs no calendar. */
export { nextEvents, type ScheduleEvent } from "./schedule/events/next-events.ts";
