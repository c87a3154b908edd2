namespace GeoFabric.Primitives.Values;

/// <summary>
/// First byte of every encoded value. Persisted: append only, never renumber (docs/storage-format.md, "Values").
/// </summary>
/// <remarks>
/// Integers are little-endian two's complement in the smallest width that holds them. Containers exist in three widths:
/// all lengths, counts and offsets inside one container take 1, 2 or 4 bytes, whichever holds its total size.
/// </remarks>
public static class ValueTag
{
    public const byte Null = 0x00;
    public const byte False = 0x01;
    public const byte True = 0x02;
    public const byte Int8 = 0x03;
    public const byte Int16 = 0x04;
    public const byte Int32 = 0x05;
    public const byte Int64 = 0x06;
    public const byte Double = 0x07;

    /// <summary>Followed by the byte length as one byte.</summary>
    public const byte String8 = 0x08;

    /// <summary>Followed by the byte length as four bytes.</summary>
    public const byte String32 = 0x09;

    /// <summary>tag | total | count | offset[count] | items; total and offsets count from the tag.</summary>
    public const byte Array1 = 0x10;
    public const byte Array2 = 0x11;
    public const byte Array4 = 0x12;

    /// <summary>
    /// tag | total | count | offset[count] | entries; an entry is a name (length byte, or 0xFF and four bytes, then UTF-8)
    /// followed by its value. Entries stand in the order they were written; the offsets are sorted by name bytes.
    /// </summary>
    public const byte Object1 = 0x14;
    public const byte Object2 = 0x15;
    public const byte Object4 = 0x16;

    /// <summary>0x40 + length: a string of 0 to 63 bytes.</summary>
    public const byte ShortString = 0x40;

    /// <summary>Longest string, in bytes, whose length fits into the tag.</summary>
    public const int ShortStringMax = 63;
}
