using GeoFabric.Database.Layout;
using GeoFabric.Primitives.Clocks;
using GeoFabric.Primitives.Values;

namespace GeoFabric.Database.Merging;

/// <summary>A document of several regions while operations are applied to it: what readers see and what merging has to remember.</summary>
/// <remarks>
/// The same records in any causal order give the same document. Local writes go through here too, so there is one set of rules. Pure: no storage, no clock.
/// </remarks>
internal sealed class MergingDocument
{
    private readonly HybridTimestamp _stable;
    private Generation _generation;
    private Generation _meant;
    private Slot _root;

    internal MergingDocument(Generation generation, Slot root, RevisionStamp stamp, HybridTimestamp stable)
    {
        _stable = stable;
        _generation = generation.Stamp.Timestamp <= stable ? generation with { Stamp = default } : generation;
        _root = root;
        Stamp = stamp;
        if (IsPresent)
            root.ForgetStable(stable);
        else if (_generation.Stamp == default)
            _generation = default;
        // Whoever could still create it too has seen it.
        if (_generation is { Kind: GenerationKind.Shared, Stamp.Timestamp.Bits: 0 } && stamp.Timestamp <= stable)
            _generation = new Generation(default, GenerationKind.Put);
    }

    public bool IsPresent => _generation.Kind is GenerationKind.Put or GenerationKind.Shared;

    /// <summary>The last transaction that touched the document in its present generation: its revision.</summary>
    public RevisionStamp Stamp { get; private set; }

    public Generation Generation => _generation;

    public Slot Root => _root;

    public HybridTimestamp Stable => _stable;

    /// <param name="body">The stored object; null when there is no document.</param>
    /// <param name="revision">The revision in the stored document's header.</param>
    /// <param name="metadata">Empty when there is none.</param>
    /// <param name="stable">Everything up to here has been applied everywhere.</param>
    /// <exception cref="InvalidDataException">The metadata is damaged.</exception>
    public static MergingDocument Load(Value body, RevisionStamp revision, ReadOnlySpan<byte> metadata, HybridTimestamp stable)
    {
        if (!metadata.IsEmpty)
            return MergeMetadataReader.Read(metadata.ToArray(), body, revision, stable);
        return body.IsNull
            ? new MergingDocument(default, new Slot(), default, stable)
            : new MergingDocument(new Generation(revision, GenerationKind.Put), new Slot(revision, body), revision, stable);
    }

    /// <summary>Applies one operation of a transaction; those of one transaction in their order.</summary>
    /// <param name="lost">Gets what was discarded although its writer did not know better; null for no interest.</param>
    /// <exception cref="InvalidDataException">The operation makes no sense.</exception>
    public void Apply(in MergeContext context, ChangeKind kind, byte[] path, byte[] payload, IList<LostWrite>? lost)
    {
        var losses = new LostWrites(lost);
        var reader = new MergeReader(payload);
        switch (kind)
        {
            case ChangeKind.Put:
                Replace(context, new Generation(context.Stamp, GenerationKind.Put), Value.Decode(payload, 0), losses);
                break;
            case ChangeKind.Delete:
                Delete(context, losses);
                break;
            case ChangeKind.On:
                _meant = new Generation(reader.ReadStamp(), (GenerationKind)reader.ReadByte());
                break;
            case ChangeKind.Create:
                Create(context, Value.Decode(payload, 0), losses);
                break;
            default:
                Change(context, kind, MergePath.Read(path), reader, losses);
                break;
        }
    }

    /// <summary>Writes the object readers see.</summary>
    public void WriteBody(ValueBuilder builder)
    {
        if (_root.Children is null)
        {
            builder.Write(_root.VisibleEntry()!.Value);
            return;
        }
        builder.BeginObject();
        _root.WriteChildren(builder);
        builder.EndObject();
    }

    /// <summary>What has to be remembered beside the body; null when the body and its revision tell all.</summary>
    /// <param name="newest">The last stamp in it that will be forgotten once it is stable; zero for none.</param>
    public byte[]? WriteMetadata(out HybridTimestamp newest)
    {
        var writer = new MergeMetadataWriter(_stable);
        var metadata = writer.Write(this);
        newest = writer.Newest;
        return metadata;
    }

    private void Replace(in MergeContext context, Generation generation, Value body, LostWrites lost)
    {
        if (!body.IsObject)
            throw new InvalidDataException("a document is no object");
        if (!Beats(context, generation))
        {
            lost.Add("later-document", body, context.Stamp, Stamp);
            return;
        }
        NoteLostDocument(context, "later-document", lost);
        Begin(generation, context.Stamp, body);
    }

    /// <summary>A document that several regions may create at once: attributes of all of them, increments added up.</summary>
    private void Create(in MergeContext context, Value body, LostWrites lost)
    {
        if (!body.IsObject)
            throw new InvalidDataException("a document is no object");
        var isFree = !IsPresent && (_generation.Stamp == default || context.HasObserved(_generation.Stamp));
        if (isFree)
        {
            Begin(new Generation(_generation.Stamp, GenerationKind.Shared), context.Stamp, body);
        }
        else if (_generation.Kind == GenerationKind.Shared && _generation.IsMeantBy(_meant, context))
        {
            _root.Expand();
            foreach (var (name, value) in body.Attributes)
                _root.GetOrAddChild(System.Text.Encoding.UTF8.GetString(name)).Assign(context, value, CounterShares.Empty, lost);
            Touch(context);
        }
        else
        {
            lost.Add(IsPresent ? "later-document" : "delete-wins", body, context.Stamp, Stamp);
        }
    }

    private void Begin(Generation generation, RevisionStamp stamp, Value body)
    {
        _generation = generation;
        _meant = generation;
        _root = new Slot(stamp, body);
        Stamp = stamp;
    }

    private void Delete(in MergeContext context, LostWrites lost)
    {
        var deletion = new Generation(context.Stamp, GenerationKind.Deletion);
        if (!Beats(context, deletion))
            return;
        NoteLostDocument(context, "delete-wins", lost);
        _generation = deletion;
        _root = new Slot();
        Stamp = context.Stamp;
    }

    /// <summary>Whether a generation takes the place of the present one. Within a transaction the later of two always does.</summary>
    private bool Beats(in MergeContext context, Generation generation) => _generation.Stamp == context.Stamp || generation.Beats(_generation);

    private void NoteLostDocument(in MergeContext context, string rule, LostWrites lost)
    {
        if (!IsPresent || context.HasObserved(Stamp) || !_root.TryGetVisible(out var body))
            return;
        lost.Add(rule, body, Stamp, context.Stamp);
    }

    private void Change(in MergeContext context, ChangeKind kind, List<MergeStep> path, MergeReader payload, LostWrites lost)
    {
        lost.Path = string.Join('.', path.Select(step => step.Name ?? "[]"));
        if (!IsPresent || !_generation.IsMeantBy(_meant, context))
        {
            if (kind == ChangeKind.Set)
            {
                payload.ReadShares();
                lost.Add(IsPresent ? "later-document" : "delete-wins", payload.ReadValue(), context.Stamp, Stamp);
            }
            return;
        }
        Touch(context);
        if (Find(context, path) is not { } slot)
        {
            if (kind == ChangeKind.Set)
            {
                payload.ReadShares();
                lost.Add("element-removed", payload.ReadValue(), context.Stamp, Stamp);
            }
            return;
        }
        switch (kind)
        {
            case ChangeKind.Set:
                var contained = payload.ReadShares();
                slot.Assign(context, payload.ReadValue(), contained, lost);
                break;
            case ChangeKind.Unset:
                slot.Unset(context, payload.ReadShares());
                break;
            case ChangeKind.Increment:
                slot.Increment(context, payload.ReadAmount());
                break;
            case ChangeKind.Maximum or ChangeKind.Minimum:
                slot.Compete(context, payload.ReadValue(), kind == ChangeKind.Maximum);
                break;
            default:
                ChangeList(context, kind, slot, payload, lost);
                break;
        }
    }

    private static void ChangeList(in MergeContext context, ChangeKind kind, Slot slot, MergeReader payload, LostWrites lost)
    {
        var list = slot.FindList(payload.ReadStamp(), context);
        switch (kind)
        {
            case ChangeKind.ListInsert or ChangeKind.SetInsert:
                var place = payload.ReadPlace();
                var first = checked((uint)payload.ReadNumber());
                var values = new Value[payload.ReadCount()];
                for (var i = 0; i < values.Length; i++)
                    values[i] = payload.ReadValue();
                if (list is null)
                    lost.Add("list-replaced", Value.FromList(values), context.Stamp, slot.LastTouch() ?? default);
                else
                    list.Insert(context, first, place, values);
                if (list is not null && kind == ChangeKind.SetInsert)
                    list.IsDistinct = true;
                break;
            case ChangeKind.ListRemove:
                for (var count = payload.ReadCount(); count > 0; count--)
                    list?.Remove(context, payload.ReadElement(), lost);
                break;
            case ChangeKind.ListMove:
                list?.Move(context, payload.ReadElement(), checked((uint)payload.ReadNumber()), payload.ReadPlace());
                break;
            default:
                throw new InvalidDataException($"operation {(int)kind} is unknown");
        }
    }

    private Slot? Find(in MergeContext context, List<MergeStep> path)
    {
        var slot = _root;
        foreach (var step in path)
        {
            if (step.Name is { } name)
            {
                slot = slot.GetOrAddChild(name);
                continue;
            }
            if (slot.FindList(step.List, context)?.Find(step.Element) is not { RemovedAt: null } element)
                return null;
            slot = element.Slot;
        }
        return slot;
    }

    private void Touch(in MergeContext context)
    {
        if (context.Stamp > Stamp)
            Stamp = context.Stamp;
    }
}
