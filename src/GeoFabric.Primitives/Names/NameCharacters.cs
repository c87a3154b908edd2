namespace GeoFabric.Primitives.Names;

/// <summary>The character classes that names are made of.</summary>
internal static class NameCharacters
{
    public static bool IsLetter(char c) => char.IsAsciiLetter(c);

    public static bool IsWordOrDash(char c) => char.IsAsciiLetterOrDigit(c) || c is '_' or '-';

    public static bool AreWordOrDash(ReadOnlySpan<char> text)
    {
        foreach (var c in text)
        {
            if (!IsWordOrDash(c))
                return false;
        }
        return true;
    }
}
