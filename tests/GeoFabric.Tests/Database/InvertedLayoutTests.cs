using GeoFabric.Database.Inverted;
using GeoFabric.Database.Layout;
using GeoFabric.Primitives.Errors;

namespace GeoFabric.Tests.Database;

/// <summary>Stored bytes of inverted indexes, fixed for ever: a change here is a change of format.</summary>
public sealed class InvertedLayoutTests
{
    [Fact]
    public void A_block_has_a_header_postings_and_positions()
    {
        var builder = new BlockBuilder();
        PostingBlock.Write(builder, [new DecodedPosting(3, 1, 9, new ByteRange(0, 1)), new DecodedPosting(5, 2, 200, new ByteRange(1, 2))], [4, 0, 7], hasPositions: true);

        // Version, flags | count, last, greatest frequency, least length, size of postings | 3*2+1, 9 | 2*2, 2, 200 | positions.
        Assert.Equal("0101" + "0205020906" + "0709" + "0402C801" + "04" + "0007", Convert.ToHexString(builder.Written));

        var header = PostingBlock.ReadHeader(builder.Written);
        var grown = new BlockBuilder();
        PostingBlock.WriteAppended(grown, builder.Written, header, new Posting(default, 6, 1, 4, default), [1]);
        Assert.Equal("0101" + "0306020408" + "0709" + "0402C801" + "0304" + "04" + "0007" + "01", Convert.ToHexString(grown.Written));
    }

    [Fact]
    public void Terms_keep_their_order_and_long_ones_are_cut()
    {
        Assert.Equal("61010101026200", Written([(byte)'a', 0, 1, (byte)'b']));
        Assert.Equal("00", Written([]));
        var longest = new byte[InvertedKeys.TermSizeMax];
        Array.Fill(longest, (byte)'x');
        Assert.Equal(2 * (InvertedKeys.TermSizeMax + 1), Written(longest).Length);
        Assert.Equal(2 * (InvertedKeys.TermSizeMax + 1), Written([.. longest, (byte)'y']).Length);
        Assert.NotEqual(Written([.. longest, (byte)'y']), Written([.. longest, (byte)'z']));
        // No escape is cut in two.
        Assert.Equal(2 * (InvertedKeys.TermSizeMax + 1), Written(new byte[400]).Length);
        var read = new byte[InvertedKeys.TermSizeMax];
        Assert.Equal(3, InvertedKeys.ReadTerm([(byte)'a', 1, 1, 1, 2], read));
        Assert.Equal(new byte[] { (byte)'a', 0, 1 }, read[..3]);
    }

    [Fact]
    public void Stored_values_have_a_checksum_over_their_key()
    {
        var key = InvertedKeys.Stored([0x20, 0, 0, 0, 1, 0, 0, 0, 2], 3);
        Assert.Equal("20" + "00000001" + "00000002" + "06" + "00000003", Convert.ToHexString(key));
        using var builder = new GeoFabric.Primitives.Values.ValueBuilder();
        builder.BeginArray();
        builder.WriteNull();
        builder.WriteString("b"u8);
        builder.EndArray();

        // Version, checksum | the array.
        var record = StoredValuesRecord.Write(key, builder.Written);
        Assert.Equal("01" + "429330EC" + Convert.ToHexString(builder.Written), Convert.ToHexString(record));

        record[^1] ^= 1;
        Assert.Throws<GeoFabricException>(() => StoredValuesRecord.Read(key, record));
        record[^1] ^= 1;
        key[^1] = 4;
        Assert.Throws<GeoFabricException>(() => StoredValuesRecord.Read(key, record));
    }

    [Fact]
    public void A_path_may_hold_positions_that_no_name_is_taken_for()
    {
        Assert.Equal("6100FF3132", Convert.ToHexString(new SearchPath(["a", SearchPath.Position(12)]).Bytes));
        Assert.NotEqual(new SearchPath(["a", SearchPath.Position(1)]).Bytes, new SearchPath(["a", "1"]).Bytes);
    }

    [Fact]
    public void A_damaged_block_is_refused_before_it_is_read()
    {
        Assert.Throws<InvalidDataException>(() => PostingBlock.ReadHeader([2, 0, 1, 1, 1, 1, 2]));
        Assert.Throws<InvalidDataException>(() => PostingBlock.ReadHeader([1, 0, 0, 1, 1, 1, 0]));
        Assert.Throws<InvalidDataException>(() => PostingBlock.ReadHeader([1, 0, 0xFF, 0x7F, 1, 1, 1, 0]));
        Assert.Throws<InvalidDataException>(() => PostingBlock.ReadHeader([1, 0, 1, 1, 1, 1, 9]));
        Assert.Throws<InvalidDataException>(() => PostingBlock.ReadHeader([1]));
    }

    private static string Written(byte[] term)
    {
        var written = new byte[InvertedKeys.TermSizeMax + 1];
        return Convert.ToHexString(written.AsSpan(0, InvertedKeys.WriteTerm(written, term)));
    }
}
