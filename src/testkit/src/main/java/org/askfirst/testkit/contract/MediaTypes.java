package org.askfirst.testkit.contract;

/** How the body of a media type is read; the types are in lower case and without parameters. */
public final class MediaTypes {
    public static final String PROBLEM = "application/problem+json";

    private MediaTypes() {}

    static boolean isJson(String type) {
        return type.equals("application/json") || type.endsWith("+json");
    }

    /** One JSON text a line. */
    static boolean isLines(String type) {
        return type.equals("application/x-ndjson");
    }

    /** Parts of a form, which are no one text. */
    public static boolean isForm(String type) {
        return type.equals("multipart/form-data");
    }

    /** Names and values in one text. Those that the contract does not name are ignored (RFC 6749, section 3.2). */
    public static boolean isUrlEncoded(String type) {
        return type.equals("application/x-www-form-urlencoded");
    }
}
