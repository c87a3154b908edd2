using GeoFabric.Database.Layout;
using GeoFabric.Primitives.Clocks;
using GeoFabric.Primitives.Values;

namespace GeoFabric.Database.Merging;

/// <summary>
/// Makes of a removed region's operations on one document operations of this region. What everybody has forgotten about the document cannot be merged with
/// any more, so what cannot be shown to be the later of two writes loses.
/// </summary>
/// <param name="latest">The last write to the document that is not salvaged itself; zero when it is not known to have been written.</param>
/// <param name="origin">What the operations' transaction had seen, with what is stable here.</param>
/// <param name="local">The transaction they become part of.</param>
/// <param name="emitted">Gets the operations.</param>
/// <param name="lost">Gets what is not taken, and what a taken document replaces.</param>
internal sealed class SalvagedOperations(
    MergingDocument document, RevisionStamp latest, SalvagedStamps stamps, MergeContext origin, MergeContext local, List<DocumentOperation> emitted, List<LostWrite> lost)
{
    public const string Rule = "salvage";

    private Generation _meant;
    private bool _isMeant;
    private bool _hasNamed;

    public int Taken { get; private set; }

    /// <summary>Operations that change nothing any more.</summary>
    public int Superseded { get; private set; }

    /// <summary>Operations that were not taken; what they wrote is among what is lost.</summary>
    public int Refused { get; private set; }

    private RevisionStamp Stamp => origin.Stamp;

    /// <exception cref="InvalidDataException">The operation makes no sense.</exception>
    public void Take(ChangeKind kind, byte[] path, byte[] payload)
    {
        switch (kind)
        {
            case ChangeKind.On:
                var reader = new MergeReader(payload);
                _meant = new Generation(stamps.Translate(reader.ReadStamp()), (GenerationKind)reader.ReadByte());
                break;
            case ChangeKind.Put:
                Put(payload);
                break;
            case ChangeKind.Create:
                Create(payload);
                break;
            case ChangeKind.Delete:
                Delete();
                break;
            case var _ when document.IsPresent && (_isMeant || document.Generation.IsMeantBy(_meant, origin)) && Find(path) is { } target:
                Change(kind, target, payload);
                break;
            default:
                Refuse(kind, path, payload);
                break;
        }
    }

    /// <summary>Takes nothing of an operation.</summary>
    public void Refuse(ChangeKind kind, byte[] path, byte[] payload)
    {
        if (kind == ChangeKind.On)
            return;
        Refused++;
        lost.Add(new LostWrite(NameOf(path), Rule, ReadValue(kind, payload).Detach(), Stamp, latest));
    }

    private static string NameOf(byte[] path) => string.Join('.', MergePath.Read(path).Select(step => step.Name ?? "[]"));

    /// <summary>What an operation wrote, for people to read.</summary>
    private static Value ReadValue(ChangeKind kind, byte[] payload)
    {
        var reader = new MergeReader(payload);
        switch (kind)
        {
            case ChangeKind.Put or ChangeKind.Create:
                return Value.Decode(payload, 0);
            case ChangeKind.Set:
                reader.ReadShares();
                return reader.ReadValue();
            case ChangeKind.Increment:
                return reader.ReadAmount();
            case ChangeKind.Maximum or ChangeKind.Minimum:
                return reader.ReadValue();
            case ChangeKind.ListInsert or ChangeKind.SetInsert:
                reader.ReadStamp();
                reader.ReadPlace();
                reader.ReadNumber();
                var values = new Value[reader.ReadCount()];
                for (var i = 0; i < values.Length; i++)
                    values[i] = reader.ReadValue();
                return Value.FromList(values);
            default:
                return Value.Null;
        }
    }

    private void Put(byte[] payload)
    {
        var body = Value.Decode(payload, 0);
        if (document.IsPresent && document.Root.TryGetVisible(out var present) && present == body)
        {
            Superseded++;
            return;
        }
        if (latest > Stamp)
        {
            Refuse(ChangeKind.Put, [], payload);
            return;
        }
        NoteLostDocument("later-document");
        _hasNamed = true;
        _isMeant = true;
        Emit(ChangeKind.Put, [], payload);
    }

    /// <summary>A document that regions may create together: where it is there by now its attributes are assigned to that.</summary>
    private void Create(byte[] payload)
    {
        if (!document.IsPresent && latest > Stamp)
        {
            Refuse(ChangeKind.Create, [], payload);
            return;
        }
        if (!document.IsPresent)
        {
            Name(document.Generation with { Kind = GenerationKind.Shared });
            _isMeant = true;
            Emit(ChangeKind.Create, [], payload);
            return;
        }
        _isMeant = true;
        foreach (var (nameUtf8, value) in Value.Decode(payload, 0).Attributes)
        {
            var path = MergePath.Write([new MergeStep(System.Text.Encoding.UTF8.GetString(nameUtf8))]);
            if (Find(path) is { } target)
                Change(ChangeKind.Set, target, new MergeBytes().Shares(CounterShares.Empty).Value(value).ToArray());
        }
    }

    private void Delete()
    {
        if (!document.IsPresent)
            Superseded++;
        else if (latest > Stamp)
        {
            Refuse(ChangeKind.Delete, [], []);
        }
        else
        {
            NoteLostDocument("delete-wins");
            Emit(ChangeKind.Delete, [], []);
        }
    }

    private void NoteLostDocument(string rule)
    {
        if (document.IsPresent && !stamps.IsOwn(document.Stamp) && !HasSeen(latest) && document.Root.TryGetVisible(out var replaced))
            lost.Add(new LostWrite("", rule, replaced.Detach(), latest, local.Stamp));
    }

    private void Change(ChangeKind kind, Target target, byte[] payload)
    {
        var reader = new MergeReader(payload);
        switch (kind)
        {
            case ChangeKind.Set:
                Set(target, reader.ReadShares(), reader.ReadValue(), payload);
                break;
            case ChangeKind.Unset when target.Slot?.LastTouch() is null:
                Superseded++;
                break;
            // One that its writer had not seen outlives a removal.
            case ChangeKind.Unset when IsLater(target, countsAmounts: false) && HasSeen(target.Slot!):
                EmitChange(kind, target, new MergeBytes().Shares(Contained(target.Slot!, reader.ReadShares())).ToArray());
                break;
            case ChangeKind.Increment or ChangeKind.Maximum or ChangeKind.Minimum when !target.IsReplaced(Stamp) && IsNumber(target.Slot):
                EmitChange(kind, target, payload);
                break;
            case ChangeKind.ListInsert or ChangeKind.SetInsert or ChangeKind.ListRemove or ChangeKind.ListMove
                when target.Slot is { } slot && FindList(slot, stamps.Translate(reader.ReadStamp())) is { } entry:
                ChangeList(kind, target, entry, reader, payload);
                break;
            default:
                Refuse(kind, target.Given, payload);
                break;
        }
    }

    private void Set(Target target, CounterShares contained, Value value, byte[] payload)
    {
        Value present = default;
        var isThere = target.Slot?.TryGetVisible(out present) == true;
        if (isThere && present == value)
        {
            Superseded++;
            return;
        }
        if (!IsLater(target, countsAmounts: !value.IsNumber))
        {
            Refuse(ChangeKind.Set, target.Given, payload);
            return;
        }
        if (isThere && !HasSeen(target.Slot!))
            lost.Add(new LostWrite(NameOf(target.Given), "later-write", present.Detach(), latest, local.Stamp));
        var shares = target.Slot is null ? contained : Contained(target.Slot, contained);
        EmitChange(ChangeKind.Set, target, new MergeBytes().Shares(shares).Value(value).ToArray());
    }

    private void ChangeList(ChangeKind kind, Target target, SlotEntry entry, MergeReader reader, byte[] payload)
    {
        var list = entry.List ??= MergingList.Of(entry.Stamp, entry.Value);
        // Elements that came with the array have no id of their own: in an array assigned since they are others.
        var isSame = entry.Stamp != default || BoundOf(default) <= Stamp;
        var bytes = new MergeBytes().Stamp(entry.Stamp);
        switch (kind)
        {
            case ChangeKind.ListInsert or ChangeKind.SetInsert:
                bytes.Place(Translate(reader.ReadPlace(), list)).Number(reader.ReadNumber());
                var values = reader.ReadCount();
                bytes.Number((ulong)values);
                for (; values > 0; values--)
                    bytes.Value(reader.ReadValue());
                EmitChange(kind, target, bytes.ToArray());
                break;
            case ChangeKind.ListRemove:
                var left = new List<ElementId>();
                var isRefused = false;
                for (var count = reader.ReadCount(); count > 0; count--)
                {
                    var id = Translate(reader.ReadElement());
                    if (list.Find(id) is not { RemovedAt: null })
                        continue;
                    if (id.Stamp != default || isSame)
                        left.Add(id);
                    else
                        isRefused = true;
                }
                if (isRefused)
                    Refuse(kind, target.Given, payload);
                else if (left.Count == 0)
                    Superseded++;
                else
                    EmitChange(kind, target, left.Aggregate(bytes.Number((ulong)left.Count), (target, id) => target.Element(id)).ToArray());
                break;
            default:
                var moved = Translate(reader.ReadElement());
                if (latest > Stamp || list.Find(moved) is not { RemovedAt: null })
                    Refuse(kind, target.Given, payload);
                else
                    EmitChange(kind, target, bytes.Element(moved).Number(reader.ReadNumber()).Place(Translate(reader.ReadPlace(), list)).ToArray());
                break;
        }
    }

    /// <summary>Whether the writer had seen what carries a stamp, or wrote it itself.</summary>
    private bool HasSeen(RevisionStamp stamp) => stamp == default || stamps.IsOwn(stamp) || origin.HasApplied?.Invoke(stamp) != false;

    /// <summary>Whether the writer had seen all that was written in a slot.</summary>
    private bool HasSeen(Slot slot) => HasSeen(latest) || HasSeen(Latest(slot, countsAmounts: false));

    /// <summary>Whether nothing that is here is later than the operation, as far as can be told.</summary>
    private bool IsLater(Target target, bool countsAmounts) =>
        latest <= Stamp || (!target.IsReplaced(Stamp) && BoundOf(default) <= Stamp && (target.Slot is null || Latest(target.Slot, countsAmounts) <= Stamp));

    /// <summary>What a stamp may be at most: one that is forgotten was stable, and no later than the last write.</summary>
    private RevisionStamp BoundOf(RevisionStamp stamp)
    {
        if (stamp != default)
            return stamps.IsOwn(stamp) ? default : stamp;
        return latest.Timestamp > origin.Stable ? new RevisionStamp(origin.Stable, ushort.MaxValue) : latest;
    }

    /// <summary>The last write in a slot or below it that is not salvaged itself.</summary>
    private RevisionStamp Latest(Slot slot, bool countsAmounts)
    {
        RevisionStamp last = default;
        foreach (var entry in slot.Entries)
        {
            Raise(ref last, BoundOf(entry.Stamp));
            foreach (var element in entry.List?.Elements() ?? [])
            {
                Raise(ref last, element.Id.Stamp == default ? default : BoundOf(element.Id.Stamp));
                Raise(ref last, Latest(element.Slot, countsAmounts));
            }
        }
        if (slot.Children is { } children)
        {
            foreach (var child in children.Values)
                Raise(ref last, Latest(child, countsAmounts: true));
        }
        if (countsAmounts)
        {
            foreach (var (region, share) in slot.Added.Shares)
                Raise(ref last, BoundOf(new RevisionStamp(share.Last, region)));
        }
        return last;
    }

    private static void Raise(ref RevisionStamp last, RevisionStamp stamp)
    {
        if (stamp > last)
            last = stamp;
    }

    private static bool IsNumber(Slot? slot) => slot is null || !slot.TryGetVisible(out var present) || present.IsNumber;

    /// <summary>
    /// What of a counter an assignment contains, now that increments of the removed region's tail count as this region's.
    /// </summary>
    private CounterShares Contained(Slot slot, CounterShares contained)
    {
        var region = Stamp.Origin;
        if (!contained.Shares.TryGetValue(region, out var told))
            return contained;
        var here = slot.Added.Shares.GetValueOrDefault(region, new CounterShare(Value.FromInteger(0), default));
        var moved = CounterShares.Sum(told.Amount, CounterShares.Negate(here.Amount));
        var shares = here.Last == default ? contained.Shares.Remove(region) : contained.Shares.SetItem(region, here);
        if (moved != Value.FromInteger(0))
        {
            var own = local.Stamp.Origin;
            var known = shares.GetValueOrDefault(own, new CounterShare(Value.FromInteger(0), default));
            var last = slot.Added.Shares.TryGetValue(own, out var counted) ? counted.Last : local.Stamp.Timestamp;
            shares = shares.SetItem(own, new CounterShare(CounterShares.Sum(known.Amount, moved), last));
        }
        return new CounterShares(shares);
    }

    private ElementId Translate(ElementId id) => id with { Stamp = stamps.Translate(id.Stamp) };

    /// <summary>The place meant, or the end when it is gone.</summary>
    private ElementPlace Translate(ElementPlace place, MergingList list)
    {
        if (place.Parent is not { } named)
            return place;
        var parent = Translate(named);
        if (list.Find(parent) is not null)
            return place with { Parent = parent };
        var visible = list.Visible();
        return list.PlaceAfter(visible.Count == 0 ? null : visible[^1]);
    }

    private SlotEntry? FindList(Slot slot, RevisionStamp named)
    {
        foreach (var entry in slot.Entries)
        {
            if ((entry.List is not null || entry.Value.IsArray) && new Generation(entry.Stamp, default).IsMeantBy(new Generation(named, default), origin))
                return entry;
        }
        return null;
    }

    /// <returns>Null when an element on the way is gone.</returns>
    private Target? Find(byte[] path)
    {
        Slot? slot = document.Root;
        RevisionStamp replaced = default;
        var steps = new List<MergeStep>();
        foreach (var step in MergePath.Read(path))
        {
            // An assignment above takes the place of what is below it. Those forgotten are told by the whole document.
            foreach (var entry in steps.Count == 0 ? [] : slot?.Entries ?? [])
                Raise(ref replaced, entry.Stamp == default || stamps.IsOwn(entry.Stamp) ? default : entry.Stamp);
            if (step.Name is { } name)
            {
                Slot? child = null;
                slot?.TryGetChild(name, out child);
                slot = child;
                steps.Add(step);
                continue;
            }
            if (slot is null || FindList(slot, stamps.Translate(step.List)) is not { } array)
                return null;
            var id = Translate(step.Element);
            var isSame = id.Stamp != default || array.Stamp != default || BoundOf(default) <= Stamp;
            if (!isSame || (array.List ??= MergingList.Of(array.Stamp, array.Value)).Find(id) is not { RemovedAt: null } element)
                return null;
            steps.Add(new MergeStep(null, array.Stamp, id));
            slot = element.Slot;
        }
        return new Target(path, MergePath.Write(steps), slot, replaced);
    }

    private void EmitChange(ChangeKind kind, Target target, byte[] payload)
    {
        Name(document.Generation);
        Emit(kind, target.Path, payload);
    }

    private void Name(Generation generation)
    {
        if (!_hasNamed && generation.Stamp != default)
            Add(ChangeKind.On, [], new MergeBytes().Stamp(generation.Stamp).Byte((byte)generation.Kind).ToArray());
        _hasNamed = true;
    }

    private void Emit(ChangeKind kind, byte[] path, byte[] payload)
    {
        Add(kind, path, payload);
        Taken++;
    }

    private void Add(ChangeKind kind, byte[] path, byte[] payload)
    {
        document.Apply(local, kind, path, payload, lost: null);
        emitted.Add(new DocumentOperation(kind, path, payload));
    }

    /// <param name="Given">The path as the removed region wrote it.</param>
    /// <param name="Path">The same with what elements are called here.</param>
    /// <param name="Slot">Null when there is none yet.</param>
    /// <param name="Replaced">The last assignment above it that is remembered.</param>
    private sealed record Target(byte[] Given, byte[] Path, Slot? Slot, RevisionStamp Replaced)
    {
        public bool IsReplaced(RevisionStamp stamp) => Replaced > stamp;
    }
}
