namespace GeoFabric.Primitives.Clocks;

/// <summary>Names the transaction that wrote a document: its hybrid timestamp and the region it came from. Its text form is the document's <c>_rev</c>.</summary>
/// <remarks>
/// Text: an underscore, 11 characters of timestamp and, unless the origin is 0, 3 characters of origin, each character worth six bits from an
/// alphabet in ASCII order. So revisions of one origin sort by time as text. Clients must treat it as opaque.
/// </remarks>
public readonly record struct RevisionStamp(HybridTimestamp Timestamp, ushort Origin) : IComparable<RevisionStamp>
{
    public const int TextLengthMax = 15;

    private static ReadOnlySpan<byte> Alphabet => "-0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz"u8;

    public int CompareTo(RevisionStamp other)
    {
        var order = Timestamp.CompareTo(other.Timestamp);
        return order != 0 ? order : Origin.CompareTo(other.Origin);
    }

    public static bool operator <(RevisionStamp left, RevisionStamp right) => left.CompareTo(right) < 0;

    public static bool operator >(RevisionStamp left, RevisionStamp right) => left.CompareTo(right) > 0;

    public static bool operator <=(RevisionStamp left, RevisionStamp right) => left.CompareTo(right) <= 0;

    public static bool operator >=(RevisionStamp left, RevisionStamp right) => left.CompareTo(right) >= 0;

    /// <summary>Writes the text form; <paramref name="destination"/> needs <see cref="TextLengthMax"/> bytes.</summary>
    /// <returns>The number of bytes written.</returns>
    public int Format(Span<byte> destination)
    {
        destination[0] = (byte)'_';
        var bits = Timestamp.Bits;
        for (var i = 11; i >= 1; i--, bits >>= 6)
            destination[i] = Alphabet[(int)(bits & 63)];
        if (Origin == 0)
            return 12;
        var origin = Origin;
        for (var i = 14; i >= 12; i--, origin >>= 6)
            destination[i] = Alphabet[origin & 63];
        return 15;
    }

    public override string ToString()
    {
        Span<byte> text = stackalloc byte[TextLengthMax];
        return System.Text.Encoding.ASCII.GetString(text[..Format(text)]);
    }

    public static bool TryParse(ReadOnlySpan<byte> text, out RevisionStamp stamp)
    {
        stamp = default;
        if ((text.Length != 12 && text.Length != 15) || text[0] != '_')
            return false;
        ulong bits = 0;
        for (var i = 1; i < 12; i++)
        {
            var digit = Alphabet.IndexOf(text[i]);
            if (digit < 0 || (i == 1 && digit > 15))
                return false;
            bits = (bits << 6) | (uint)digit;
        }
        var origin = 0;
        for (var i = 12; i < text.Length; i++)
        {
            var digit = Alphabet.IndexOf(text[i]);
            if (digit < 0)
                return false;
            origin = (origin << 6) | digit;
        }
        if (origin > ushort.MaxValue)
            return false;
        stamp = new RevisionStamp(new HybridTimestamp(bits), (ushort)origin);
        return true;
    }
}
