namespace GeoFabric.Query.Expressions;

/// <summary>Names as C8QL writes them.</summary>
internal static class NameText
{
    /// <summary>The name itself when it can stand alone, else in backticks.</summary>
    public static string Quote(string name)
    {
        var isPlain = name.Length > 0 && (char.IsAsciiLetter(name[0]) || name[0] is '_' or '$');
        foreach (var character in name)
            isPlain &= char.IsAsciiLetterOrDigit(character) || character is '_' or '$';
        return isPlain ? name : "`" + name.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("`", "\\`", StringComparison.Ordinal) + "`";
    }
}
