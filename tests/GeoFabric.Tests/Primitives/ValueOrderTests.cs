using System.Text;
using GeoFabric.Primitives.Keys;
using GeoFabric.Primitives.Values;

namespace GeoFabric.Tests.Primitives;

public sealed class ValueOrderTests
{
    [Fact]
    public void Key_bytes_order_as_values_do_and_read_back_equal()
    {
        var generator = new ValueGenerator(1);
        using var a = new KeyWriter();
        using var b = new KeyWriter();
        for (var i = 0; i < 60_000; i++)
        {
            var left = generator.Next();
            var right = i % 3 == 0 ? JsonValueReader.Parse(Encoding.UTF8.GetBytes(left.ToString())) : generator.Next();
            a.Clear();
            b.Clear();
            a.Write(left);
            b.Write(right);

            var expected = Math.Sign(ValueComparer.Compare(left, right));
            var actual = Math.Sign(a.Written.SequenceCompareTo(b.Written));

            Assert.True(expected == actual, $"{left} against {right}: values {expected}, keys {actual}");
            Assert.Equal(left, new KeyReader(a.Written).Read());
            var skipped = new KeyReader(a.Written);
            skipped.Skip();
            Assert.Equal(a.Length, skipped.Position);
        }
    }

    [Fact]
    public void Order_is_total_antisymmetric_and_transitive()
    {
        var generator = new ValueGenerator(2);
        for (var i = 0; i < 40_000; i++)
        {
            Value[] values = [generator.Next(), generator.Next(), generator.Next()];

            Assert.Equal(Math.Sign(ValueComparer.Compare(values[0], values[1])), -Math.Sign(ValueComparer.Compare(values[1], values[0])));
            Array.Sort(values, ValueComparer.Compare);
            Assert.True(ValueComparer.Compare(values[0], values[2]) <= 0, $"{values[0]} {values[1]} {values[2]}");
        }
    }

    [Fact]
    public void Equal_values_have_equal_hashes()
    {
        var generator = new ValueGenerator(3);
        for (var i = 0; i < 40_000; i++)
        {
            var left = generator.Next();
            var right = generator.Next();

            if (ValueComparer.Equal(left, right))
                Assert.Equal(ValueHasher.Hash(left), ValueHasher.Hash(right));
        }
    }

    [Theory]
    [InlineData("1", "1.0")]
    [InlineData("[]", "[null]")]
    [InlineData("[1]", "[1,null]")]
    [InlineData("{}", "{\"a\":null}")]
    [InlineData("{\"a\":1,\"b\":2}", "{\"b\":2,\"a\":1}")]
    [InlineData("9223372036854775807", "9223372036854775807")]
    public void Equality_of_the_specification_holds_and_hashes_agree(string left, string right)
    {
        var a = Parse(left);
        var b = Parse(right);

        Assert.True(ValueComparer.Equal(a, b));
        Assert.Equal(ValueHasher.Hash(a), ValueHasher.Hash(b));
    }

    [Theory]
    [InlineData("null", "false")]
    [InlineData("true", "-5")]
    [InlineData("9007199254740992", "9007199254740993")]
    [InlineData("9223372036854775807", "9223372036854775808")]
    [InlineData("\"A\"", "\"a\"")]
    [InlineData("\"a\"", "\"B\"")]
    [InlineData("\"9\"", "\"a\"")]
    [InlineData("\"e\"", "\"é\"")]
    [InlineData("\"é\"", "\"f\"")]
    [InlineData("\"zzz\"", "[]")]
    [InlineData("[]", "[0]")]
    [InlineData("[99]", "{}")]
    [InlineData("{\"b\":1}", "{\"a\":0}")]
    public void Order_of_the_specification_holds(string smaller, string larger) =>
        Assert.True(ValueComparer.Compare(Parse(smaller), Parse(larger)) < 0);

    [Fact]
    public void Ascii_tables_agree_with_the_collator()
    {
        var generator = new ValueGenerator(4);
        for (var i = 0; i < 100_000; i++)
        {
            var left = Encoding.UTF8.GetBytes(generator.NextString());
            var right = Encoding.UTF8.GetBytes(generator.NextString());

            var collated = StringCollation.CompareByCollator(left, right);
            var expected = Math.Sign(collated != 0 ? collated : left.AsSpan().SequenceCompareTo(right));

            Assert.Equal(expected, Math.Sign(StringCollation.Compare(left, right)));
        }
    }

    [Fact]
    public void Document_keys_encode_in_collation_order_and_decode_exactly()
    {
        const string alphabet = "_-,;:!.'()@*%+=$0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
        var random = new Random(5);
        byte[] Next() => Encoding.ASCII.GetBytes(string.Concat(Enumerable.Range(0, random.Next(1, random.Next(2, 255))).Select(_ => alphabet[random.Next(i_limit(random), alphabet.Length)])));
        static int i_limit(Random random) => random.Next(2) == 0 ? 0 : 60;
        Span<byte> a = stackalloc byte[DocumentKeyCodec.EncodedLengthMax];
        Span<byte> b = stackalloc byte[DocumentKeyCodec.EncodedLengthMax];
        for (var i = 0; i < 50_000; i++)
        {
            var left = Next();
            var right = i % 2 == 0 ? Next() : Encoding.ASCII.GetBytes(Encoding.ASCII.GetString(left).ToLowerInvariant());
            var leftLength = DocumentKeyCodec.Encode(left, a);
            var rightLength = DocumentKeyCodec.Encode(right, b);

            Assert.Equal(Math.Sign(StringCollation.Compare(left, right)), Math.Sign(a[..leftLength].SequenceCompareTo(b[..rightLength])));
            Assert.Equal(Encoding.ASCII.GetString(left), DocumentKeyCodec.DecodeToString(a[..leftLength]));
        }
    }

    [Fact]
    public void Json_round_trips()
    {
        var generator = new ValueGenerator(6);
        for (var i = 0; i < 20_000; i++)
        {
            var value = generator.Next();
            var text = value.ToString();

            Assert.Equal(text, Parse(text).ToString());
        }
    }

    [Theory]
    [InlineData(1e21, "1e+21")]
    [InlineData(2e-7, "2e-7")]
    [InlineData(0.1, "0.1")]
    [InlineData(1e20, "100000000000000000000")]
    [InlineData(123456789012345680000.0, "123456789012345680000")]
    [InlineData(0.000001, "0.000001")]
    [InlineData(-1.5e-10, "-1.5e-10")]
    [InlineData(1.7976931348623157e308, "1.7976931348623157e+308")]
    [InlineData(5e-324, "5e-324")]
    [InlineData(1234.5, "1234.5")]
    [InlineData(3.0, "3")]
    public void Numbers_print_as_in_JavaScript(double number, string expected) =>
        Assert.Equal(expected, Value.FromDouble(number).ToString());

    private static Value Parse(string json) => JsonValueReader.Parse(Encoding.UTF8.GetBytes(json));
}
