using System.Text;
using GeoFabric.Database.Catalog;
using GeoFabric.Database.Changes;
using GeoFabric.Database.Layout;
using GeoFabric.Primitives.Clocks;
using GeoFabric.Primitives.Names;
using GeoFabric.Primitives.Values;

namespace GeoFabric.Tests.Database;

/// <summary>Stored bytes, fixed for ever: a change here is a change of format and needs a new version and a migration.</summary>
public sealed class LayoutGoldenTests
{
    [Fact]
    public void Keys()
    {
        Span<byte> key = stackalloc byte[KeyLayout.DocumentKeySizeMax];
        var size = KeyLayout.WriteDocumentKey(key, KeyLayout.DocumentPrefix(0x01020304), "Ab1"u8);

        Assert.Equal("100102030" + "41B1C120040", Hex(key[..size]));
        Assert.Equal("20010203040000000A", Hex(KeyLayout.IndexPrefix(0x01020304, 10)));
        Assert.Equal("30000107000000000000000" + "9", Hex(KeyLayout.ChangeKey(new ChangeOrigin(1, 7), 9)));
        Assert.Equal("01", Hex(KeyLayout.EnvironmentKey));
        Assert.Equal("0300", Hex(KeyLayout.FabricStateKey));
        Assert.Equal("020100000005", Hex(KeyLayout.CollectionRecordKey(5)));
        Assert.Equal("02027131", Hex(KeyLayout.StoredQueryKey("q1")));
        Assert.Equal("030100000005", Hex(KeyLayout.CollectionCounterKey(5)));
        Assert.Equal("03020000000500000006", Hex(KeyLayout.IndexCounterKey(5, 6)));
        Assert.Equal("030300000005", Hex(KeyLayout.KeyGeneratorKey(5)));
        Assert.Equal("040100000005", Hex(KeyLayout.DeleteContentsKey(5)));
        Assert.Equal("04020000000500000006", Hex(KeyLayout.DeleteIndexKey(5, 6)));
        Assert.Equal("04030000000500000006", Hex(KeyLayout.BuildIndexKey(5, 6)));
        Assert.Equal("040400000000000000000000000000000007", Hex(KeyLayout.VoidRequestKey(7)));
        Assert.Equal("340100000000000000000000000000000007000502", Hex(KeyLayout.RequestKey(7, new ChangeOrigin(5, 2))));
        Assert.Equal("3402000000000000000900000000000000000000000000000007000502", Hex(KeyLayout.RequestTimeKey(9, 7, new ChangeOrigin(5, 2))));
        Assert.Equal("40015F6D6D", Hex(ServerRecordCodec.TenantKey(TenantName.Root)));
        Assert.Equal("40025F6D6D00726F6F74", Hex(ServerRecordCodec.UserKey(TenantName.Root, "root")));
        Assert.Equal("400300000007", Hex(ServerRecordCodec.FabricKey(7)));
        Assert.Equal(("4005", "4006"), (Hex(ServerRecordCodec.RegionKey), Hex(ServerRecordCodec.ClusterKey)));
        Assert.Equal("400700000007", Hex(ServerRecordCodec.PendingDropKey(7)));
    }

    [Fact]
    public void Keyspaces() => Assert.Equal(
        "Environment=1 Catalog=2 Counters=3 PendingWork=4 Documents=16 MergeMetadata=17 RecentVersions=18 IndexEntries=32 ChangeLog=48 VersionVector=49 Peers=50 Unstable=51 RequestIds=52 HashTree=53 Configuration=54 Snapshot=55 Server=64",
        string.Join(' ', Enum.GetValues<Keyspace>().Select(space => $"{space}={(byte)space}")));

    [Fact]
    public void Kinds()
    {
        Assert.Equal(
            "Put=1 Delete=2 On=3 Create=4 Set=5 Unset=6 Increment=7 Maximum=8 Minimum=9 ListInsert=10 ListRemove=11 ListMove=12 SetInsert=13 Truncate=32 DefineCollection=33 DropCollection=34 DefineStoredQuery=35 DropStoredQuery=36 DefineIndex=37 DropIndex=38",
            string.Join(' ', Enum.GetValues<ChangeKind>().Select(kind => $"{kind}={(byte)kind}")));
        Assert.Equal("Collection=1 StoredQuery=2 DroppedCollection=3", string.Join(' ', Enum.GetValues<CatalogKind>().Select(kind => $"{kind}={(byte)kind}")));
        Assert.Equal("FabricState=0 Collection=1 Index=2 KeyGenerator=3", string.Join(' ', Enum.GetValues<CounterKind>().Select(kind => $"{kind}={(byte)kind}")));
        Assert.Equal("DeleteContents=1 DeleteIndex=2 BuildIndex=3 VoidRequest=4", string.Join(' ', Enum.GetValues<PendingWorkKind>().Select(kind => $"{kind}={(byte)kind}")));
        Assert.Equal("Outcome=1 Time=2", string.Join(' ', Enum.GetValues<RequestKeyKind>().Select(kind => $"{kind}={(byte)kind}")));
        Assert.Equal("Tenant=1 User=2 Fabric=3 State=4 Region=5 Cluster=6 PendingDrop=7", string.Join(' ', Enum.GetValues<ServerRecordKind>().Select(kind => $"{kind}={(byte)kind}")));
        Assert.Equal("Live=1 Failed=2 Removed=3", string.Join(' ', Enum.GetValues<RegionState>().Select(kind => $"{kind}={(byte)kind}")));
        Assert.Equal("Creating=1 Available=2 Dropping=3", string.Join(' ', Enum.GetValues<FabricState>().Select(kind => $"{kind}={(byte)kind}")));
        Assert.Equal("Primary=0 Edge=1 Persistent=2 Ttl=3 Geo=4 Inverted=5 MultiDimensional=6 Vector=7", string.Join(' ', Enum.GetValues<IndexKind>().Select(kind => $"{kind}={(byte)kind}")));
    }

    [Fact]
    public void Document()
    {
        var body = Encoded("""{"_key":"k","n":1}""");
        var record = new byte[DocumentHeader.Size + body.Length];
        body.CopyTo(record, DocumentHeader.Size);
        byte[] storageKey = [0x10, 0, 0, 0, 5, 1, 0];

        DocumentRecord.Seal(record, storageKey, new RevisionStamp(new HybridTimestamp(0x0102030405060708), 3), epoch: 0);

        Assert.Equal("01000300" + "########" + "0807060504030201" + "00000000" + Hex(body), Mask(record, 4, 4));
        Assert.True(DocumentRecord.IsIntact(storageKey, record));
        for (var i = 0; i < record.Length; i++)
        {
            record[i] ^= 1;
            Assert.False(DocumentRecord.IsIntact(storageKey, record));
            record[i] ^= 1;
        }
        storageKey[4] = 6;
        Assert.False(DocumentRecord.IsIntact(storageKey, record));
    }

    [Fact]
    public void Document_with_its_checksum()
    {
        var body = Encoded("""{"_key":"k","n":1}""");
        var record = new byte[DocumentHeader.Size + body.Length];
        body.CopyTo(record, DocumentHeader.Size);

        DocumentRecord.Seal(record, [0x10, 0, 0, 0, 5, 1, 0], new RevisionStamp(new HybridTimestamp(0x0102030405060708), 3), epoch: 0);

        Assert.Equal(DocumentGolden, Hex(record));
    }

    [Fact]
    public void Change()
    {
        var buffer = new ChangeBuffer();
        buffer.Add(5, ChangeScope.All, "k"u8, ChangeKind.Put, Encoded("""{"_key":"k"}"""));
        buffer.Add(5, ChangeScope.All, "l"u8, ChangeKind.Delete, default);
        buffer.Add(300, ChangeScope.All, "m"u8, ChangeKind.Delete, default);
        var from = 0;

        var record = buffer.BuildRecord(ref from, new ChangeOrigin(2, 1), 200, new HybridTimestamp(0x0102030405060708), [], requestId: 0).ToArray();

        Assert.Equal(ChangeGolden, Hex(record));
        Assert.Equal(3, from);
        var read = ChangeRecord.Read(record);
        Assert.Equal((new ChangeOrigin(2, 1), 200ul, 200ul, ChangeFlags.None), (read.Origin, read.Sequence, read.LastSequence, read.Flags));
        Assert.Equal(
            ["5 k Put", "5 l Delete", "300 m Delete"],
            read.Operations.Select(operation => $"{operation.WireId} {Encoding.UTF8.GetString(operation.Key)} {operation.Kind}"));
    }

    [Fact]
    public void Damaged_change_records_are_noticed_wherever_the_damage_is()
    {
        var record = Convert.FromHexString(ChangeGolden);
        for (var i = 0; i < record.Length; i++)
        {
            record[i] ^= 0x10;
            Assert.Throws<InvalidDataException>(() => ChangeRecord.Read(record));
            record[i] ^= 0x10;
        }
        Assert.Throws<InvalidDataException>(() => ChangeRecord.Read(record.AsSpan(0, 20)));
    }

    [Fact]
    public void State()
    {
        var record = new byte[FabricStateRecord.Size];
        new FabricStateRecord
        {
            Clock = new HybridTimestamp(1),
            Sequence = 2,
            FirstSequence = 3,
            LogBytes = 4,
            CatalogVersion = 5,
            LastKey = 6,
            LastId = 7,
            Stable = new HybridTimestamp(8),
            VectorVersion = 9,
            LoggedVectorVersion = 10,
            ReservedClock = new HybridTimestamp(11),
        }.Write(record);

        Assert.Equal(
            "02########" + "0100000000000000" + "0200000000000000" + "0300000000000000" + "0400000000000000" + "0500000000000000" + "0600000000000000" + "07000000"
                + "0800000000000000" + "0900000000000000" + "0A00000000000000" + "0B00000000000000",
            Mask(record, 1, 4));
        Assert.Equal(5ul, FabricStateRecord.ReadCatalogVersion(record));
        Assert.Equal(7u, FabricStateRecord.Read(record).LastId);
    }

    [Fact]
    public void Dependencies_and_request_id_of_a_change()
    {
        var buffer = new ChangeBuffer();
        buffer.Add(5, ChangeScope.Local, "k"u8, [new DocumentOperation(ChangeKind.Delete, [], []), new DocumentOperation((ChangeKind)9, [7], [8, 8])]);
        var from = 0;

        var record = buffer.BuildRecord(
            ref from, new ChangeOrigin(2, 1), 200, new HybridTimestamp(1000), [new ChangeDependency(3, new HybridTimestamp(990))], requestId: 77).ToArray();

        Assert.Equal("01" + "01" + "0200" + "01" + "C801" + "C801" + "E803000000000000" + "000000" + "01" + "03" + "0A" + "4D" + new string('0', 30)
            + "01" + "05" + "01" + "01" + "01" + "6B" + "02" + "020000" + "09" + "0107" + "020808", Hex(record.AsSpan(8)));
        var read = ChangeRecord.Read(record);
        Assert.Equal([new ChangeDependency(3, new HybridTimestamp(990))], read.Dependencies);
        Assert.Equal((UInt128)77, read.RequestId);
        Assert.Equal([7], read.Operations[1].Path);
        Assert.Same(read.Operations[0].Key, read.Operations[1].Key);
    }

    [Fact]
    public void Position_in_a_log()
    {
        var position = AppliedPosition.None(new ChangeOrigin(2, 1))
            .After(5, new HybridTimestamp(6), [new ChangeDependency(3, new HybridTimestamp(4)), new ChangeDependency(1, new HybridTimestamp(2))]);

        var record = position.Write();

        Assert.Equal("01########" + "0500000000000000" + "0600000000000000" + "0200" + "0100" + "0200000000000000" + "0300" + "0400000000000000", Mask(record, 1, 4));
        var read = AppliedPosition.Read(position.Origin, record);
        Assert.Equal((5ul, 6ul), (read.Sequence, read.Timestamp.Bits));
        Assert.True(read.HasObserved(new RevisionStamp(new HybridTimestamp(4), 3)));
        Assert.False(read.HasObserved(new RevisionStamp(new HybridTimestamp(5), 3)));
        Assert.True(read.HasObserved(new RevisionStamp(new HybridTimestamp(6), 2)));
        Assert.False(read.HasObserved(new RevisionStamp(new HybridTimestamp(1), 9)));
        record[7] ^= 1;
        Assert.Throws<GeoFabric.Primitives.Errors.GeoFabricException>(() => AppliedPosition.Read(position.Origin, record));
    }

    [Fact]
    public void Catalog_envelope_and_counters()
    {
        var record = CatalogRecord.Write("k"u8, TestFabric.Json("""{"a":1}"""));
        Assert.Equal("01########" + Hex(Encoded("""{"a":1}""")), Mask(record, 1, 4));
        Assert.Equal("""{"a":1}""", CatalogRecord.Read("k"u8, record).ToString());

        var counters = new byte[CounterRecord.SizeOf(2)];
        CounterRecord.Write(counters, [258, -1]);
        Assert.Equal("01" + "0201000000000000" + "FFFFFFFFFFFFFFFF", Hex(counters));
        Span<long> more = stackalloc long[3];
        CounterRecord.Read(counters, more);
        Assert.Equal([258L, -1L, 0L], more.ToArray());
    }

    [Fact]
    public void Index_entries()
    {
        Span<byte> value = stackalloc byte[IndexEntryRecord.SizeMax];
        Assert.Equal("000C00", Hex(value[..IndexEntryRecord.WriteWithKeyBehindFields(value, 12, isTruncated: false)]));
        Assert.Equal("000C00612F31", Hex(value[..IndexEntryRecord.WriteWithKeyBehindFields(value, 12, isTruncated: false, "a/1"u8)]));
        Assert.Equal("612F31", Hex(IndexEntryRecord.CoveredOf(value[..6])));
        Assert.Equal("01CF00", Hex(value[..IndexEntryRecord.WriteWithKeyBehindFields(value, 207, isTruncated: true)]));
        Assert.Equal("020100", Hex(value[..IndexEntryRecord.WriteWithKey(value, [1, 0])]));
        Assert.Equal(207, KeyLayout.IndexFieldsSizeMax);
    }

    [Fact]
    public void Regions()
    {
        var cluster = ClusterConfiguration.Found("c1", ClusterRegion.Of(1, RegionName.Parse("us-east")) with { CertificateSerials = ["0A"] });
        cluster = cluster.Admit(RegionName.Parse("eu-west"), region => region with { Place = new RegionPlace("Dublin", "IE", "Ireland", 53.5, -6.5) })
            .Freeze("eu-west").Remove("eu-west", System.Collections.Immutable.ImmutableSortedDictionary<uint, ulong>.Empty.Add(7, 9));

        Assert.Equal(
            """{"id":2,"name":"eu-west","incarnation":3,"isNamed":true}""",
            ClusterCodec.Write(new RegionIdentity(2, RegionName.Parse("eu-west"), 3, IsNamed: true)).ToString());
        Assert.Equal(
            """{"clusterId":"c1","epoch":4294967300,"home":1,"lastRegionId":2,"regions":["""
            + """{"id":1,"name":"us-east","displayName":"us-east","city":"","countryCode":"","country":"","latitude":0,"longitude":0,"publicUrl":"","peerUrl":"","incarn"""
            + """ation":0,"state":1,"isSpot":true,"certificateSerials":["0A"],"admittedIn":0,"isFrozen":false,"closed":[]},"""
            + """{"id":2,"name":"eu-west","displayName":"eu-west","city":"Dublin","countryCode":"IE","country":"Ireland","latitude":53.5,"longitude":-6.5,"publicUrl":"","peerUrl":"","incarn"""
            + """ation":0,"state":3,"isSpot":true,"certificateSerials":[],"admittedIn":4294967298,"isFrozen":true,"closed":[{"incarnation":0,"fabrics":[7],"sequences":[9]}]}]}""",
            ClusterCodec.Write(cluster).ToString());
    }

    [Fact]
    public void Definitions()
    {
        var definition = new CollectionDefinition(
            7, "c", CollectionType.Edge, KeyOptions.Traditional, [IndexDefinition.Primary, new IndexDefinition(9, "i", IndexKind.Persistent, "hash", [new IndexField(["a", "b"], 1)], IsUnique: true)])
        { ContentsId = 8, WireId = ulong.MaxValue - 1 };

        Assert.Equal(
            """{"id":7,"contentsId":8,"wireId":-2,"shownName":"c","name":"c","type":3,"keyOptions":{"type":"traditional","allowUserKeys":true,"increment":1,"offset":0},"isSystem":false,"isLocal":false,"isSpot":false,"hasStream":false,"waitForSync":false,"cacheEnabled":false,"model":"DOC","indexes":[{"id":9,"name":"i","kind":2,"type":"hash","fields":[{"path":["a","b"],"expansionAt":1}],"isUnique":true,"isSparse":false,"deduplicate":true,"expireAfter":0,"isBuilding":false}]}""",
            DefinitionCodec.Write(definition).ToString());
        Assert.Equal(
            """{"id":1,"tenant":"_mm","name":"_system","state":2,"dataCenters":"","spotRegion":"","metadata":null}""",
            ServerRecordCodec.Write(new FabricRecord(1, TenantName.Root, FabricName.System, FabricOptions.Default, FabricState.Available)).ToString());
        Assert.Equal(
            """{"tenant":"_mm","name":"root","email":"e","passwordHash":"h","version":2,"isActive":true,"metadata":null}""",
            ServerRecordCodec.Write(new UserRecord(TenantName.Root, "root", "e", "h", 2, true, Value.Null)).ToString());
        var noted = ServerRecordCodec.Write(new UserRecord(TenantName.Root, "root", "e", "h", 2, true, Value.Null) { Attributes = JsonValueReader.Parse("""{"team":"north"}"""u8) });
        Assert.Equal(
            """{"tenant":"_mm","name":"root","email":"e","passwordHash":"h","version":2,"isActive":true,"metadata":null,"attributes":{"team":"north"}}""",
            noted.ToString());
        Assert.Equal("""{"team":"north"}""", ServerRecordCodec.ReadUser(noted).Attributes.ToString());
        Assert.Equal(
            """{"savedAt":"_----------0","name":"q","text":"RETURN 1","parameters":{},"type":"c8ql","owner":"root"}""",
            DefinitionCodec.Write(new StoredQuery("q", "RETURN 1", Value.EmptyObject, "c8ql", "root"), new RevisionStamp(new HybridTimestamp(1), 0)).ToString());
        var described = new StoredQuery("q", "RETURN 1", Value.EmptyObject, "c8ql", "root") { Description = "one", Created = DateTimeOffset.UnixEpoch.AddMilliseconds(5) };
        Assert.Equal(
            """{"savedAt":"_----------0","name":"q","text":"RETURN 1","parameters":{},"type":"c8ql","owner":"root","description":"one","created":5}""",
            DefinitionCodec.Write(described, new RevisionStamp(new HybridTimestamp(1), 0)).ToString());
    }

    /// <summary>What was written before there were orders by scores and codes of vectors is read as having none, and written as it was.</summary>
    [Fact]
    public void Definitions_of_indexes_say_only_what_is_not_as_it_always_was()
    {
        var inverted = new IndexDefinition(9, "i", IndexKind.Inverted, "inverted", [new IndexField(["a"])], IsSparse: true);
        var vector = inverted with { Kind = IndexKind.Vector, TypeName = "vector", Vector = new VectorSettings(VectorSettings.Cosine, 2, 1) };
        var old = Write(vector);

        Assert.DoesNotContain("scoreOrders", Write(inverted), StringComparison.Ordinal);
        Assert.EndsWith(""","scoreOrders":["BM25(@doc)"]}""", Write(inverted with { ScoreOrders = ["BM25(@doc)"] }), StringComparison.Ordinal);
        Assert.EndsWith(""""vector":{"metric":"cosine","dimension":2,"lists":1,"probes":1,"trainingIterations":25,"centroids":""}}"""", old, StringComparison.Ordinal);
        Assert.EndsWith(""""trainingIterations":25,"codeBits":8,"centroids":""}}"""", Write(vector with { Vector = vector.Vector with { CodeBits = 8 } }), StringComparison.Ordinal);
        foreach (var index in new[] { inverted, inverted with { ScoreOrders = ["BM25(@doc)", "TFIDF(@doc, true) DESC"] }, vector, vector with { Vector = vector.Vector with { CodeBits = 4 } } })
        {
            var read = DefinitionCodec.ReadIndexForRegions(TestFabric.Json(Write(index)));
            Assert.True(read.HasSameShape(index));
            Assert.Equal(index.ScoreOrders, read.ScoreOrders);
            Assert.Equal(index.Vector, read.Vector);
        }

        static string Write(IndexDefinition index) => DefinitionCodec.WriteForRegions(index).ToString();
    }

    // Worked out by hand from docs/storage-format.md with another implementation of CRC-32C.
    private const string DocumentGolden = "01000300B241CDEC080706050403020100000000141002050C045F6B6579416B016E0301";
    private const string ChangeGolden = "4200000042B4B24C0100020001C801C80108070605040302010000000002050002016B0101000B140B0104045F6B6579416B016C01020000AC020001016D01020000";

    private static string Hex(ReadOnlySpan<byte> bytes) => Convert.ToHexString(bytes);

    private static string Mask(byte[] bytes, int offset, int count)
    {
        var hex = Hex(bytes).ToCharArray();
        hex.AsSpan(2 * offset, 2 * count).Fill('#');
        return new string(hex);
    }

    private static byte[] Encoded(string json)
    {
        using var builder = new ValueBuilder();
        builder.Write(TestFabric.Json(json));
        return builder.Written.ToArray();
    }
}
