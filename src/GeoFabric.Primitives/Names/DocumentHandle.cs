using System.Text;

namespace GeoFabric.Primitives.Names;

/// <summary>The rule for <c>_id</c>, <c>_from</c> and <c>_to</c>: a collection name, a slash and a key.</summary>
public static class DocumentHandle
{
    /// <summary>Splits a handle; both parts are windows onto <paramref name="utf8"/>.</summary>
    /// <returns>Whether both parts obey their rules. The collection need not exist.</returns>
    public static bool TrySplit(ReadOnlySpan<byte> utf8, out ReadOnlySpan<byte> collection, out ReadOnlySpan<byte> key)
    {
        var slash = utf8.IndexOf((byte)'/');
        collection = slash > 0 ? utf8[..slash] : default;
        key = slash > 0 ? utf8[(slash + 1)..] : default;
        return slash > 0 && IsCollectionName(collection) && DocumentKey.IsValid(key);
    }

    public static bool TrySplit(ReadOnlySpan<byte> utf8, out string collection, out ReadOnlySpan<byte> key)
    {
        var isValid = TrySplit(utf8, out ReadOnlySpan<byte> name, out key);
        collection = isValid ? Encoding.ASCII.GetString(name) : "";
        return isValid;
    }

    private static bool IsCollectionName(ReadOnlySpan<byte> utf8)
    {
        if (utf8.Length > CollectionName.LengthMax || !(char.IsAsciiLetter((char)utf8[0]) || utf8[0] == '_'))
            return false;
        foreach (var b in utf8)
        {
            if (!NameCharacters.IsWordOrDash((char)b))
                return false;
        }
        return true;
    }
}
