using System.Collections.Frozen;

namespace GeoFabric.Query.Builtins;

/// <summary>
/// Functions that take any values without a warning or an error. The optimizer may compute them earlier, less often or not at all; a test calls each of
/// them with all kinds of values.
/// </summary>
public static class QuietFunctions
{
    private static readonly FrozenSet<string> s_names = new[]
    {
        "IS_NULL", "IS_BOOL", "IS_NUMBER", "IS_STRING", "IS_ARRAY", "IS_LIST", "IS_OBJECT", "IS_DOCUMENT", "IS_DATESTRING", "IS_IPV4", "IS_KEY", "TYPENAME",
        "TO_BOOL", "TO_NUMBER", "TO_STRING", "TO_ARRAY", "TO_LIST",
        "CHAR_LENGTH", "CONCAT", "CONCAT_SEPARATOR", "CONTAINS", "LEFT", "RIGHT", "LOWER", "UPPER", "LTRIM", "RTRIM", "SUBSTRING", "JSON_STRINGIFY",
        "MD5", "SHA1", "SHA256", "SHA512", "CRC32", "FNV64", "TO_BASE64", "TO_HEX", "HASH",
        "ABS", "CEIL", "FLOOR", "ROUND", "SQRT", "POW", "EXP", "EXP2", "LOG", "LOG2", "LOG10", "SIN", "COS", "TAN", "ASIN", "ACOS", "ATAN", "ATAN2",
        "RADIANS", "DEGREES", "PI",
        "HAS", "NOT_NULL", "FIRST_LIST", "FIRST_DOCUMENT",
    }.ToFrozenSet(StringComparer.Ordinal);

    public static IReadOnlyCollection<string> Names => s_names.Items;

    public static bool Contains(FunctionDefinition function) => s_names.Contains(function.Name);
}
