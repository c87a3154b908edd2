using GeoFabric.Primitives.Errors;

namespace GeoFabric.Primitives.Names;

/// <summary>The rule for names of collections, views and graphs.</summary>
public static class CollectionName
{
    public const int LengthMax = 64;

    /// <param name="isSystem">System names, and only those, begin with an underscore.</param>
    public static bool IsValid(string? text, bool isSystem)
    {
        if (string.IsNullOrEmpty(text) || text.Length > LengthMax || !NameCharacters.AreWordOrDash(text))
            return false;
        return isSystem ? text[0] == '_' && text.Length > 1 : NameCharacters.IsLetter(text[0]);
    }

    /// <exception cref="GeoFabricException">1208.</exception>
    public static string Check(string? text, bool isSystem) => IsValid(text, isSystem)
        ? text!
        : throw ErrorCodes.IllegalName.With(
            $"'{text}': {(isSystem ? "an underscore" : "a letter")}, then up to {LengthMax - 1} letters, digits, '_' or '-'");
}
