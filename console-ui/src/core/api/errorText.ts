/** What an `errorMessage` of the server says, without the mark of the query language that it begins with on the wire: who reads it knows what was sent. */
export const errorText = (errorMessage: string): string => errorMessage.replace(/^AQL: /, '');
