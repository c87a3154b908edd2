using System.Collections.Immutable;
using GeoFabric.Primitives.Clocks;
using GeoFabric.Primitives.Values;

namespace GeoFabric.Database.Catalog;

/// <summary>Definitions as catalog objects and back. Persisted: attributes may be added, never renamed or given another meaning.</summary>
internal static class DefinitionCodec
{
    public static Value Write(CollectionDefinition definition)
    {
        using var builder = new ValueBuilder();
        builder.BeginObject();
        builder.WriteInteger("id"u8, definition.Id);
        builder.WriteInteger("contentsId"u8, definition.ContentsId);
        builder.WriteInteger("wireId"u8, unchecked((long)definition.WireId));
        builder.WriteText("shownName"u8, definition.Name);
        WriteStamp(builder, "definedAt"u8, definition.DefinedAt);
        WriteStamp(builder, "truncatedAt"u8, definition.TruncatedAt);
        WriteShared(builder, definition);
        builder.WriteName("indexes"u8);
        builder.BeginArray();
        foreach (var index in definition.Indexes)
        {
            if (index.Kind != IndexKind.Primary)
                WriteIndex(builder, index);
        }
        builder.EndArray();
        builder.EndObject();
        return builder.Build();
    }

    /// <summary>What all regions know of a collection: the payload of <see cref="Layout.ChangeKind.DefineCollection"/>.</summary>
    public static Value WriteForRegions(CollectionDefinition definition)
    {
        using var builder = new ValueBuilder();
        builder.BeginObject();
        WriteShared(builder, definition);
        builder.EndObject();
        return builder.Build();
    }

    /// <summary>What a snapshot tells of a collection: what all regions know of it, when they learned it, and its indexes.</summary>
    public static Value WriteForSnapshot(CollectionDefinition definition)
    {
        using var builder = new ValueBuilder();
        builder.BeginObject();
        builder.WriteInteger("wireId"u8, unchecked((long)definition.WireId));
        WriteStamp(builder, "definedAt"u8, definition.DefinedAt);
        WriteStamp(builder, "truncatedAt"u8, definition.TruncatedAt);
        WriteShared(builder, definition);
        builder.WriteName("indexes"u8);
        builder.BeginArray();
        foreach (var index in definition.Indexes.Where(index => index.Kind is not (IndexKind.Primary or IndexKind.Edge)))
            WriteIndex(builder, index with { Id = 0, IsBuilding = false });
        builder.EndArray();
        builder.EndObject();
        return builder.Build();
    }

    /// <summary>What all regions know of an index: the payload of <see cref="Layout.ChangeKind.DefineIndex"/>.</summary>
    public static Value WriteForRegions(IndexDefinition index)
    {
        using var builder = new ValueBuilder();
        WriteIndex(builder, index with { Id = 0, IsBuilding = false, DefinedAt = default });
        return builder.Build();
    }

    /// <summary>A definition as another region told it: without ids and indexes.</summary>
    public static CollectionDefinition ReadFromRegions(Value source) => ReadCollection(source);

    public static IndexDefinition ReadIndexForRegions(Value source) => ReadIndex(source);

    private static void WriteShared(ValueBuilder builder, CollectionDefinition definition)
    {
        builder.WriteText("name"u8, definition.DeclaredName);
        builder.WriteInteger("type"u8, (int)definition.Type);
        builder.WriteName("keyOptions"u8);
        WriteKeyOptions(builder, definition.KeyOptions);
        builder.WriteFlag("isSystem"u8, definition.IsSystem);
        builder.WriteFlag("isLocal"u8, definition.IsLocal);
        builder.WriteFlag("isSpot"u8, definition.IsSpot);
        builder.WriteFlag("hasStream"u8, definition.HasStream);
        builder.WriteFlag("waitForSync"u8, definition.WaitForSync);
        builder.WriteFlag("cacheEnabled"u8, definition.CacheEnabled);
        builder.WriteText("model"u8, definition.Model);
        if (definition.Consistency is { } consistency)
            builder.WriteText("consistency"u8, consistency.ToString());
        if (definition.KeptAt.IsSet)
            builder.WriteInteger("keptAt"u8, (long)definition.KeptAt.Number);
        if (!definition.KeepsConflicts)
            builder.WriteText("conflicts"u8, "off");
        if (definition.Schema is { } schema)
            builder.WriteAttribute("schema"u8, schema.Describe());
        if (definition.MergeDeclarations.IsEmpty)
            return;
        builder.WriteName("crdt"u8);
        builder.BeginObject();
        foreach (var (path, kind) in definition.MergeDeclarations)
            builder.WriteAttribute(System.Text.Encoding.UTF8.GetBytes(path), Value.FromString(kind));
        builder.EndObject();
    }

    private static ImmutableSortedDictionary<string, string> ReadDeclarations(Value source)
    {
        var declarations = ImmutableSortedDictionary<string, string>.Empty;
        if (!source.IsObject)
            return declarations;
        foreach (var (path, kind) in source.Attributes)
            declarations = declarations.SetItem(System.Text.Encoding.UTF8.GetString(path), kind.Text);
        return declarations;
    }

    internal static void WriteStamp(ValueBuilder builder, ReadOnlySpan<byte> name, RevisionStamp stamp)
    {
        if (stamp != default)
            builder.WriteText(name, stamp.ToString());
    }

    private static RevisionStamp ReadStamp(Value source) =>
        source.IsString && RevisionStamp.TryParse(source.Utf8, out var stamp) ? stamp : default;

    public static CollectionDefinition ReadCollection(Value source)
    {
        var id = (uint)source.Integer("id"u8);
        var name = source.Text("name"u8);
        return new CollectionDefinition(
            id,
            source.Text("shownName"u8, name),
            (CollectionType)source.Integer("type"u8, (int)CollectionType.Document),
            ReadKeyOptions(source.GetAttribute("keyOptions"u8)),
            [IndexDefinition.Primary, .. source.List("indexes"u8, ReadIndex)],
            source.Flag("isSystem"u8),
            source.Flag("isLocal"u8),
            source.Flag("isSpot"u8),
            source.Flag("hasStream"u8),
            source.Flag("waitForSync"u8),
            source.Flag("cacheEnabled"u8),
            source.Text("model"u8, "DOC"))
        {
            ContentsId = (uint)source.Integer("contentsId"u8, id),
            DeclaredName = name,
            MergeDeclarations = ReadDeclarations(source.GetAttribute("crdt"u8)),
            KeepsConflicts = source.Text("conflicts"u8, "losers") != "off",
            Schema = CollectionSchema.Read(source.GetAttribute("schema"u8)),
            WireId = unchecked((ulong)source.Integer("wireId"u8, id)),
            DefinedAt = ReadStamp(source.GetAttribute("definedAt"u8)),
            KeptAt = new Layout.ChangeScope((ulong)source.Integer("keptAt"u8)),
            TruncatedAt = ReadStamp(source.GetAttribute("truncatedAt"u8)),
            Consistency = ConsistencyLevel.TryParse(source.Text("consistency"u8), out var consistency) ? consistency : null,
        };
    }

    /// <param name="stamp">When it was saved.</param>
    public static Value Write(StoredQuery query, RevisionStamp stamp)
    {
        using var builder = new ValueBuilder();
        builder.BeginObject();
        WriteStamp(builder, "savedAt"u8, stamp);
        builder.WriteText("name"u8, query.Name);
        builder.WriteText("text"u8, query.Text);
        builder.WriteAttribute("parameters"u8, query.Parameters);
        builder.WriteText("type"u8, query.Type);
        builder.WriteText("owner"u8, query.Owner);
        if (query.Description.Length > 0)
            builder.WriteText("description"u8, query.Description);
        if (query.Created is { } created)
            builder.WriteInteger("created"u8, created.ToUnixTimeMilliseconds());
        builder.EndObject();
        return builder.Build();
    }

    /// <summary>What stays of a dropped query until nothing older can arrive: the name is free, the stamp is not.</summary>
    public static Value WriteDroppedQuery(RevisionStamp stamp)
    {
        using var builder = new ValueBuilder();
        builder.BeginObject();
        WriteStamp(builder, "savedAt"u8, stamp);
        builder.WriteFlag("isDropped"u8, true);
        builder.EndObject();
        return builder.Build();
    }

    /// <summary>When the query was saved or dropped.</summary>
    public static RevisionStamp ReadSavedAt(Value source) => ReadStamp(source.GetAttribute("savedAt"u8));

    public static bool IsDropped(Value source) => source.Flag("isDropped"u8);

    public static StoredQuery ReadStoredQuery(Value source) => new(
        source.Text("name"u8), source.Text("text"u8), source.GetAttribute("parameters"u8), source.Text("type"u8, "c8ql"), source.Text("owner"u8))
    {
        Description = source.Text("description"u8),
        Created = source.Integer("created"u8) is var created and > 0 ? DateTimeOffset.FromUnixTimeMilliseconds(created) : null,
        SavedAt = ReadSavedAt(source),
    };

    private static void WriteKeyOptions(ValueBuilder builder, KeyOptions options)
    {
        builder.BeginObject();
        builder.WriteText("type"u8, options.Type);
        builder.WriteFlag("allowUserKeys"u8, options.AllowUserKeys);
        builder.WriteInteger("increment"u8, options.Increment);
        builder.WriteInteger("offset"u8, options.Offset);
        builder.EndObject();
    }

    private static KeyOptions ReadKeyOptions(Value source) => new(
        source.Text("type"u8, KeyOptions.Traditional.Type), source.Flag("allowUserKeys"u8, true), source.Integer("increment"u8, 1), source.Integer("offset"u8));

    private static void WriteIndex(ValueBuilder builder, IndexDefinition index)
    {
        builder.BeginObject();
        builder.WriteInteger("id"u8, index.Id);
        builder.WriteText("name"u8, index.Name);
        builder.WriteInteger("kind"u8, (int)index.Kind);
        builder.WriteText("type"u8, index.TypeName);
        builder.WriteName("fields"u8);
        builder.BeginArray();
        foreach (var field in index.Fields)
            WriteField(builder, field);
        builder.EndArray();
        builder.WriteFlag("isUnique"u8, index.IsUnique);
        builder.WriteFlag("isSparse"u8, index.IsSparse);
        builder.WriteFlag("deduplicate"u8, index.Deduplicate);
        builder.WriteName("expireAfter"u8);
        builder.WriteDouble(index.ExpireAfterSeconds);
        builder.WriteFlag("isBuilding"u8, index.IsBuilding);
        WriteStamp(builder, "definedAt"u8, index.DefinedAt);
        if (index.IsGeoJson)
            builder.WriteFlag("isGeoJson"u8, true);
        if (index.PrefixFields != 0)
            builder.WriteInteger("prefixFields"u8, index.PrefixFields);
        if (index.Vector is not null)
            WriteVector(builder, index.Vector, index.Centroids);
        if (index.ViewId != 0)
            builder.WriteInteger("viewId"u8, unchecked((long)index.ViewId));
        if (index.Search is not null)
        {
            builder.WriteName("search"u8);
            SearchCodec.WriteField(builder, index.Search);
        }
        if (!index.Stored.Groups.IsEmpty)
            SearchCodec.WriteGroups(builder, index.Stored.Groups);
        if (!index.Stored.PrimarySort.IsEmpty)
            SearchCodec.WritePrimarySort(builder, index.Stored.PrimarySort);
        if (!index.ScoreOrders.IsEmpty)
            builder.WriteTexts(SearchCodec.ScoreOrdersName, index.ScoreOrders);
        builder.EndObject();
    }

    internal static void WriteVector(ValueBuilder builder, VectorSettings settings, ImmutableArray<float> centroids)
    {
        builder.WriteName("vector"u8);
        builder.BeginObject();
        builder.WriteText("metric"u8, settings.Metric);
        builder.WriteInteger("dimension"u8, settings.Dimension);
        builder.WriteInteger("lists"u8, settings.Lists);
        builder.WriteInteger("probes"u8, settings.Probes);
        builder.WriteInteger("trainingIterations"u8, settings.TrainingIterations);
        if (settings.CodeBits != 0)
            builder.WriteInteger("codeBits"u8, settings.CodeBits);
        var bytes = new byte[centroids.Length * sizeof(float)];
        for (var i = 0; i < centroids.Length; i++)
            System.Buffers.Binary.BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(i * sizeof(float)), centroids[i]);
        builder.WriteText("centroids"u8, Convert.ToBase64String(bytes));
        builder.EndObject();
    }

    internal static VectorSettings? ReadVector(Value source) => !source.IsObject ? null : new VectorSettings(
        source.Text("metric"u8),
        (int)source.Integer("dimension"u8),
        (int)source.Integer("lists"u8),
        (int)source.Integer("probes"u8, 1),
        (int)source.Integer("trainingIterations"u8, 1))
    {
        CodeBits = (int)source.Integer("codeBits"u8),
    };

    internal static ImmutableArray<float> ReadCentroids(Value source)
    {
        if (!source.IsObject)
            return [];
        var bytes = Convert.FromBase64String(source.Text("centroids"u8));
        var centroids = ImmutableArray.CreateBuilder<float>(bytes.Length / sizeof(float));
        for (var i = 0; i < bytes.Length; i += sizeof(float))
            centroids.Add(System.Buffers.Binary.BinaryPrimitives.ReadSingleLittleEndian(bytes.AsSpan(i)));
        return centroids.MoveToImmutable();
    }

    private static IndexDefinition ReadIndex(Value source) => new(
        (uint)source.Integer("id"u8),
        source.Text("name"u8),
        (IndexKind)source.Integer("kind"u8),
        source.Text("type"u8),
        source.List("fields"u8, ReadField),
        source.Flag("isUnique"u8),
        source.Flag("isSparse"u8),
        source.Flag("deduplicate"u8, true),
        source.Number("expireAfter"u8),
        source.Flag("isBuilding"u8))
    {
        DefinedAt = ReadStamp(source.GetAttribute("definedAt"u8)),
        IsGeoJson = source.Flag("isGeoJson"u8),
        Vector = ReadVector(source.GetAttribute("vector"u8)),
        Centroids = ReadCentroids(source.GetAttribute("vector"u8)),
        PrefixFields = (int)source.Integer("prefixFields"u8),
        ViewId = unchecked((ulong)source.Integer("viewId"u8)),
        Search = source.GetAttribute("search"u8) is { IsObject: true } search ? SearchCodec.ReadField(search) : null,
        Stored = SearchCodec.ReadStored(source),
        ScoreOrders = SearchCodec.ReadScoreOrders(source),
    };

    private static void WriteField(ValueBuilder builder, IndexField field)
    {
        builder.BeginObject();
        builder.WriteTexts("path"u8, field.Segments);
        builder.WriteInteger("expansionAt"u8, field.ExpansionAt);
        builder.EndObject();
    }

    private static IndexField ReadField(Value source) => new(source.List("path"u8, item => item.Text), (int)source.Integer("expansionAt"u8, -1));
}
