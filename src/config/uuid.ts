const shape = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Whether what a person gives is an id as APIs write them, and not a name. */
export const isUuid = (text: string): boolean => shape.test(text);
