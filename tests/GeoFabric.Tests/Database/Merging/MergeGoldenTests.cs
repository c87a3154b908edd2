using GeoFabric.Database.Documents;
using GeoFabric.Database.Layout;
using GeoFabric.Database.Merging;
using GeoFabric.Primitives.Clocks;
using GeoFabric.Primitives.Values;

namespace GeoFabric.Tests.Database.Merging;

/// <summary>The bytes of operations and of what is kept beside documents. A change here is a change of format.</summary>
public sealed class MergeGoldenTests
{
    private static readonly RevisionStamp Made = new(new HybridTimestamp(0x101), 1);
    private static readonly RevisionStamp Changed = new(new HybridTimestamp(0x202), 2);
    private const string Start = """{"_key":"k","n":1,"l":["a","b"],"o":{"x":true}}""";

    [Fact]
    public void Operations_on_documents()
    {
        Assert.Equal(["Put | | 141002050C045F6B6579416B016E0301"], Write(writer => writer.Put(Json("""{"_key":"k","n":1}""")), isNew: true));
        Assert.Equal(["Delete | | "], Write(writer => writer.Delete()));
        Assert.Equal(
            ["Create | | 140B0104045F6B6579416B", "Increment | 00016E | 0002"],
            Write(writer => writer.Create(Json("""{"_key":"k","n":1}"""), [Operation("n", AttributeOperationKind.Increment, "1")]), isNew: true));
    }

    [Theory]
    [InlineData("""{"n":2}""", "n", AttributeOperationKind.Increment, "1", "null", "Increment | 00016E | 0002")]
    [InlineData("""{"n":0.5}""", "n", AttributeOperationKind.Increment, "-0.5", "null", "Increment | 00016E | 01000000000000E0BF")]
    [InlineData("""{"n":7}""", "n", AttributeOperationKind.Maximum, "7", "null", "Maximum | 00016E | 020307")]
    [InlineData("""{"n":0}""", "n", AttributeOperationKind.Minimum, "0", "null", "Minimum | 00016E | 020300")]
    [InlineData("""{"n":"x"}""", "n", AttributeOperationKind.Append, "[]", "null", "Set | 00016E | 00024178")]
    [InlineData("""{"l":["a","b","c"]}""", "l", AttributeOperationKind.Append, """["c"]""", "null", "ListInsert | 00016C | 8102010200010001024163")]
    [InlineData("""{"l":["b"]}""", "l", AttributeOperationKind.RemoveFirst, "null", "null", "ListRemove | 00016C | 810201010000")]
    [InlineData("""{"l":["b","a"]}""", "l", AttributeOperationKind.Move, "0", "1", "ListMove | 00016C | 810201000000020001")]
    [InlineData("""{"l":["a","b","c"]}""", "l", AttributeOperationKind.SetAdd, """["c"]""", "null", "SetInsert | 00016C | 8102010200010001024163")]
    [InlineData("""{"l":["z","b"]}""", "l", AttributeOperationKind.ReplaceAt, "0", "\"z\"", "Set | 00016C018102010000 | 0002417A")]
    public void Operations_on_attributes(string patch, string name, AttributeOperationKind kind, string operand, string second, string expected) =>
        Assert.Equal(
            ["On | | 81020102", expected],
            Write(writer => writer.Patch(Json(patch), keepNull: true, mergeObjects: true, [Operation(name, kind, operand, second)])));

    [Fact]
    public void Removal_of_an_attribute_below_another() => Assert.Equal(
        ["On | | 81020102", "Unset | 00016F000178 | 00"],
        Write(writer => writer.Patch(Json("""{"o":{"x":null}}"""), keepNull: false, mergeObjects: true, [])));

    [Fact]
    public void Metadata()
    {
        string[] written =
        [
            MetadataAfter(writer => writer.Patch(Json("""{"n":5}"""), true, true, [])),
            MetadataAfter(writer => writer.Patch(Json("""{"n":2}"""), true, true, [Operation("n", AttributeOperationKind.Increment, "1")])),
            MetadataAfter(writer => writer.Patch(Json("""{"l":["a","b","c"]}"""), true, true, [Operation("l", AttributeOperationKind.Append, """["c"]""")])),
            MetadataAfter(writer => writer.Delete()),
        ];
        string[] expected =
        [
            "0260D2C390028102010401016E010182040201",
            "023A2AD4DC028102010401016E03018102010002030101820402000200",
            "025D798F74028102010401016C080002018204020002000182040200000000",
            "021AD5DBFE01820402",
        ];

        Assert.True(expected.SequenceEqual(written), string.Join('\n', written));
        Assert.Null(Load().WriteMetadata(out _));
    }

    /// <summary>What was written can be read, and nothing else can: it has a checksum.</summary>
    [Fact]
    public void Damaged_metadata_is_refused()
    {
        var document = Load();
        var writer = Writer(document, []);
        writer.Patch(Json("""{"n":2,"l":["a","b","c"],"o":{"y":1}}"""), true, true,
            [Operation("n", AttributeOperationKind.Increment, "1"), Operation("l", AttributeOperationKind.Append, """["c"]""")]);
        var metadata = document.WriteMetadata(out var newest)!;
        var body = Body(document);
        Assert.Equal(metadata, MergingDocument.Load(body, document.Stamp, metadata, default).WriteMetadata(out _));
        Assert.Equal(Changed.Timestamp, newest);

        for (var position = 0; position < metadata.Length; position++)
        {
            for (var bit = 1; bit < 256; bit <<= 1)
            {
                var damaged = metadata.ToArray();
                damaged[position] ^= (byte)bit;
                Assert.Throws<InvalidDataException>(() => MergingDocument.Load(body, document.Stamp, damaged, default));
            }
            Assert.Throws<InvalidDataException>(() => MergingDocument.Load(body, document.Stamp, metadata.AsSpan(0, position + (position == 0 ? 1 : 0)), default));
        }
    }

    private static List<string> Write(Action<OperationWriter> write, bool isNew = false)
    {
        var operations = new List<DocumentOperation>();
        write(Writer(isNew ? MergingDocument.Load(Value.Null, default, default, default) : Load(), operations));
        return [.. operations.Select(operation => $"{operation.Kind} | {Hex(operation.Path)} | {Hex(operation.Payload)}".Replace("|  |", "| |", StringComparison.Ordinal))];
    }

    private static string MetadataAfter(Action<OperationWriter> write)
    {
        var document = Load();
        write(Writer(document, []));
        return Hex(document.WriteMetadata(out _)!);
    }

    private static MergingDocument Load() => MergingDocument.Load(Json(Start), Made, default, default);

    private static OperationWriter Writer(MergingDocument document, List<DocumentOperation> operations)
    {
        uint last = 0;
        return new OperationWriter(document, MergeContext.Local(Changed, default), operations, MergeDeclarations.None, count => (last += count) - count);
    }

    private static Value Body(MergingDocument document)
    {
        using var builder = new ValueBuilder();
        document.WriteBody(builder);
        return builder.Build();
    }

    private static AttributeOperation Operation(string name, AttributeOperationKind kind, string operand, string second = "null") =>
        new([name], kind, Json($"[{operand}]").Items[0], Json($"[{second}]").Items[0]);

    private static Value Json(string json) => TestFabric.Json(json);

    private static string Hex(byte[] bytes) => Convert.ToHexString(bytes);
}
