using System.Text;
using GeoFabric.Database.Documents;
using GeoFabric.Database.Layout;
using GeoFabric.Primitives.Clocks;
using GeoFabric.Primitives.Values;

namespace GeoFabric.Database.Merging;

/// <summary>Turns what a writer wants of a document into operations, and applies them to it: from here on local and remote writes are the same.</summary>
/// <param name="operations">Gets the operations.</param>
/// <param name="declarations">Path patterns of the collection to the kinds they merge as.</param>
/// <param name="numbers">Hands out numbers that are unique in the transaction, for new elements.</param>
internal sealed class OperationWriter(
    MergingDocument document, MergeContext context, List<DocumentOperation> operations, MergeDeclarations declarations, Func<uint, uint> numbers)
{
    private readonly List<MergeStep> _path = [];

    public void Put(Value body) => Emit(ChangeKind.Put, Encode(body));

    /// <summary>Stores a document that other regions may be creating at the same time.</summary>
    /// <param name="increments">Numbers in <paramref name="body"/> that add up rather than overwrite.</param>
    public void Create(Value body, IReadOnlyList<AttributeOperation> increments)
    {
        NameGeneration(document.Generation with { Kind = GenerationKind.Shared });
        var counted = increments.Where(increment => increment.Kind == AttributeOperationKind.Increment).ToList();
        var amounts = new List<(List<MergeStep> Path, Value Amount)>();
        using var builder = new ValueBuilder();
        WriteWithoutCounted(builder, body, counted, amounts);
        Emit(ChangeKind.Create, builder.Written.ToArray());
        foreach (var (path, amount) in amounts)
        {
            _path.AddRange(path);
            Emit(ChangeKind.Increment, new MergeBytes().Amount(amount));
            _path.Clear();
        }
    }

    private void WriteWithoutCounted(ValueBuilder builder, Value value, List<AttributeOperation> counted, List<(List<MergeStep> Path, Value Amount)> amounts)
    {
        builder.BeginObject();
        foreach (var (nameUtf8, inner) in value.Attributes)
        {
            _path.Add(new MergeStep(Encoding.UTF8.GetString(nameUtf8)));
            if (inner.IsNumber && FindInferred(counted) is not null)
            {
                amounts.Add(([.. _path], inner));
            }
            else
            {
                builder.WriteName(nameUtf8);
                if (inner.IsObject)
                    WriteWithoutCounted(builder, inner, counted, amounts);
                else
                    builder.Write(inner);
            }
            _path.RemoveAt(_path.Count - 1);
        }
        builder.EndObject();
    }

    public void Delete() => Emit(ChangeKind.Delete, []);

    /// <summary>Takes back operations of a void transaction.</summary>
    public void TakeBack(IReadOnlyList<ChangeOperation> taken, int from, int to, VoidOperations voided)
    {
        Generation meant = default;
        var hasNamed = false;
        for (var i = from; i < to; i++)
        {
            var operation = taken[i];
            if (operation.Kind == ChangeKind.On)
            {
                meant = new Generation(new MergeReader(operation.Payload).ReadStamp(), default);
                continue;
            }
            voided.AddInverse(document, meant, operation.Kind, operation.Path, operation.Payload, (kind, path, payload) =>
            {
                if (!hasNamed)
                    NameGeneration(document.Generation);
                hasNamed = true;
                Add(new DocumentOperation(kind, path, payload));
            });
        }
    }

    /// <summary>Lays a patch over the document.</summary>
    /// <param name="inferred">How attributes of the patch came about, where that is known.</param>
    public void Patch(Value patch, bool keepNull, bool mergeObjects, IReadOnlyList<AttributeOperation> inferred)
    {
        NameGeneration(document.Generation);
        PatchObject(document.Root, patch, keepNull, mergeObjects, inferred, isRoot: true);
    }

    /// <summary>Brings the document to a new state by the operations that lead there from the present one.</summary>
    /// <param name="inferred">How attributes of the new state came about, where that is known.</param>
    public void Diff(Value body, IReadOnlyList<AttributeOperation> inferred)
    {
        NameGeneration(document.Generation);
        DiffObject(document.Root, body, inferred);
    }

    private void PatchObject(Slot slot, Value patch, bool keepNull, bool mergeObjects, IReadOnlyList<AttributeOperation> inferred, bool isRoot)
    {
        foreach (var (nameUtf8, value) in patch.Attributes)
        {
            if (isRoot && (nameUtf8.SequenceEqual("_key"u8) || nameUtf8.SequenceEqual("_id"u8) || nameUtf8.SequenceEqual("_rev"u8)))
                continue;
            var name = Encoding.UTF8.GetString(nameUtf8);
            slot.TryGetChild(name, out var child);
            var wanted = value;
            Under(name, () => PatchAttribute(child, wanted, keepNull, mergeObjects, inferred));
        }
    }

    private void PatchAttribute(Slot? slot, Value value, bool keepNull, bool mergeObjects, IReadOnlyList<AttributeOperation> inferred)
    {
        if (FindInferred(inferred) is { } operation && TryInfer(slot, operation, value))
            return;
        if (value.IsNull && !keepNull)
        {
            Unset(slot);
            return;
        }
        if (value.IsObject && mergeObjects && declarations.KindOf(_path) != MergeKind.Whole && slot is { IsObject: true })
        {
            PatchObject(slot, value, keepNull, mergeObjects, inferred, isRoot: false);
            return;
        }
        Assign(slot, keepNull ? value : WithoutNulls(value));
    }

    private void DiffObject(Slot slot, Value wanted, IReadOnlyList<AttributeOperation> inferred)
    {
        slot.Expand();
        var names = slot.Children?.Where(child => child.Value.LastTouch() is not null).Select(child => child.Key).ToList() ?? [];
        foreach (var name in names)
        {
            if (!wanted.TryGetAttribute(Encoding.UTF8.GetBytes(name), out _))
                Under(name, () => Unset(slot.Children![name]));
        }
        foreach (var (nameUtf8, value) in wanted.Attributes)
        {
            var name = Encoding.UTF8.GetString(nameUtf8);
            slot.TryGetChild(name, out var child);
            var target = value;
            Under(name, () => DiffSlot(child, target, inferred));
        }
    }

    private void DiffSlot(Slot? slot, Value wanted, IReadOnlyList<AttributeOperation> inferred)
    {
        if (slot is null || !slot.TryGetVisible(out var present))
        {
            Assign(slot, wanted);
            return;
        }
        if (present == wanted || (FindInferred(inferred) is { } operation && TryInfer(slot, operation, wanted)))
            return;
        var kind = declarations.KindOf(_path);
        if (wanted.IsObject && slot.IsObject && kind != MergeKind.Whole)
            DiffObject(slot, wanted, inferred);
        else if (wanted.IsArray && present.IsArray && kind != MergeKind.Whole && ArrayDifference.IsWorthIt(present, wanted))
            DiffArray(slot, present, wanted, kind == MergeKind.Set);
        else
            Assign(slot, wanted);
    }

    private void DiffArray(Slot slot, Value present, Value wanted, bool isSet)
    {
        if (isSet)
        {
            RemoveEqual(slot, [.. ListOf(present).Except(ListOf(wanted))]);
            AddToSet(slot, [.. ListOf(wanted).Except(ListOf(present))]);
            return;
        }
        foreach (var edit in ArrayDifference.Of(present, wanted))
        {
            if (edit.Inserted.Count == 0)
                RemoveAt(slot, edit.Position, edit.Removed);
            else
                InsertAt(slot, edit.Position, edit.Inserted, ChangeKind.ListInsert);
        }
    }

    /// <returns>False when the operation does not fit what is there, so that the value has to be assigned.</returns>
    private bool TryInfer(Slot? slot, AttributeOperation operation, Value result)
    {
        Value present = default;
        var isThere = slot is not null && slot.TryGetVisible(out present);
        switch (operation.Kind)
        {
            case AttributeOperationKind.Increment:
                // An attribute that is null has been written by somebody: adding to it overwrites that.
                if (!operation.Operand.IsNumber || (isThere && !present.IsNumber))
                    return false;
                if (CounterShares.Sum(isThere ? present : Value.FromInteger(0), operation.Operand) != result)
                    return false;
                Emit(ChangeKind.Increment, new MergeBytes().Amount(operation.Operand));
                return true;
            case AttributeOperationKind.Maximum or AttributeOperationKind.Minimum:
                // What others count on top of the greatest value would be counted on top of this one, too.
                if (!isThere || !present.IsNumber || !operation.Operand.IsNumber || !slot!.Added.Shares.IsEmpty)
                    return false;
                if (result != present)
                    Emit(operation.Kind == AttributeOperationKind.Maximum ? ChangeKind.Maximum : ChangeKind.Minimum, new MergeBytes().Value(operation.Operand));
                return true;
            default:
                return isThere && present.IsArray && result.IsArray && TryInferList(slot!, present, operation, result);
        }
    }

    private bool TryInferList(Slot slot, Value present, AttributeOperation operation, Value result)
    {
        var count = present.Items.Count;
        var position = operation.Operand.IsNumber ? (int)Math.Clamp(operation.Operand.Number, 0, count) : 0;
        switch (operation.Kind)
        {
            case AttributeOperationKind.Append:
                return Expect(result, count + operation.Operand.Items.Count) && InsertAt(slot, count, ListOf(operation.Operand), ChangeKind.ListInsert);
            case AttributeOperationKind.Prepend:
                return Expect(result, count + operation.Operand.Items.Count) && InsertAt(slot, 0, ListOf(operation.Operand), ChangeKind.ListInsert);
            case AttributeOperationKind.InsertAt:
                return Expect(result, count + 1) && InsertAt(slot, position, [operation.Second], ChangeKind.ListInsert);
            case AttributeOperationKind.RemoveFirst:
                return count > 0 && Expect(result, count - 1) && RemoveAt(slot, 0, 1);
            case AttributeOperationKind.RemoveLast:
                return count > 0 && Expect(result, count - 1) && RemoveAt(slot, count - 1, 1);
            case AttributeOperationKind.RemoveAt:
                return position < count && Expect(result, count - 1) && RemoveAt(slot, position, 1);
            case AttributeOperationKind.RemoveValues:
                return operation.Second.IsNull && operation.Operand.IsArray && RemoveEqual(slot, ListOf(operation.Operand));
            case AttributeOperationKind.SetRemove:
                return operation.Operand.IsArray && RemoveEqual(slot, ListOf(operation.Operand));
            case AttributeOperationKind.SetAdd:
                return operation.Operand.IsArray && AddToSet(slot, ListOf(operation.Operand).Distinct().ToList());
            case AttributeOperationKind.Move:
                return operation.Second.IsNumber && position < count && Expect(result, count) && Move(slot, position, (int)Math.Clamp(operation.Second.Number, 0, count - 1));
            case AttributeOperationKind.ReplaceAt:
                return position < count && Expect(result, count) && ReplaceAt(slot, position, operation.Second);
            default:
                return false;
        }
    }

    private static bool Expect(Value result, int count) => result.Items.Count == count;

    private bool InsertAt(Slot slot, int position, IReadOnlyList<Value> values, ChangeKind kind)
    {
        if (values.Count == 0)
            return true;
        var (list, stamp) = ListOf(slot);
        var visible = list.Visible();
        var payload = new MergeBytes().Stamp(stamp).Place(list.PlaceAfter(position == 0 ? null : visible[position - 1]))
            .Number(numbers((uint)values.Count)).Number((ulong)values.Count);
        foreach (var value in values)
            payload.Value(value);
        Emit(kind, payload);
        return true;
    }

    private bool RemoveAt(Slot slot, int position, int count)
    {
        var (list, stamp) = ListOf(slot);
        return Remove(stamp, list.Visible().Skip(position).Take(count).Select(node => node.Element.Id).ToList());
    }

    private bool RemoveEqual(Slot slot, IReadOnlyList<Value> values)
    {
        var (list, stamp) = ListOf(slot);
        return Remove(stamp, values.Distinct().SelectMany(list.FindEqual).Select(element => element.Id).ToList());
    }

    private bool Remove(RevisionStamp stamp, List<ElementId> elements)
    {
        if (elements.Count == 0)
            return true;
        var payload = new MergeBytes().Stamp(stamp).Number((ulong)elements.Count);
        foreach (var element in elements)
            payload.Element(element);
        Emit(ChangeKind.ListRemove, payload);
        return true;
    }

    /// <summary>Adds values to a set, also those that are there: an addition outlives a removal made at the same time.</summary>
    private bool AddToSet(Slot slot, List<Value> values)
    {
        if (values.Count == 0)
            return true;
        var (list, stamp) = ListOf(slot);
        foreach (var value in values)
        {
            // One that is there is replaced by itself, in its place: only what this addition had seen can be removed by others then.
            var present = list.FindEqual(value).Select(element => element.Id).ToList();
            var visible = list.Visible();
            var position = visible.FindIndex(node => present.Contains(node.Element.Id));
            InsertAt(slot, position < 0 ? visible.Count : position + 1, [value], ChangeKind.SetInsert);
            Remove(stamp, present);
        }
        return true;
    }

    private bool Move(Slot slot, int from, int to)
    {
        var (list, stamp) = ListOf(slot);
        var visible = list.Visible();
        var element = visible[from].Element.Id;
        visible.RemoveAt(from);
        Emit(ChangeKind.ListMove, new MergeBytes().Stamp(stamp).Element(element).Number(numbers(1)).Place(list.PlaceAfter(to == 0 ? null : visible[to - 1])));
        return true;
    }

    private bool ReplaceAt(Slot slot, int position, Value value)
    {
        var (list, stamp) = ListOf(slot);
        var element = list.Visible()[position].Element;
        _path.Add(new MergeStep(null, stamp, element.Id));
        Assign(element.Slot, value);
        _path.RemoveAt(_path.Count - 1);
        return true;
    }

    private (MergingList List, RevisionStamp Stamp) ListOf(Slot slot)
    {
        var stamp = slot.VisibleEntry()!.Stamp;
        return (slot.FindList(stamp, context)!, stamp);
    }

    private static List<Value> ListOf(Value array)
    {
        var list = new List<Value>(array.Items.Count);
        foreach (var item in array.Items)
            list.Add(item);
        return list;
    }

    private void Assign(Slot? slot, Value value)
    {
        if (value.IsNumber && slot is not null && slot.TryGetVisible(out var present) && present.IsNumber && TryAssignDeclared(slot, value, present))
            return;
        TakeCountersAway(slot);
        Emit(ChangeKind.Set, new MergeBytes().Shares(slot?.Added ?? CounterShares.Empty).Value(value));
    }

    private bool TryAssignDeclared(Slot slot, Value value, Value present)
    {
        switch (declarations.KindOf(_path))
        {
            case MergeKind.Counter when Difference(value, present) is { } difference:
                Emit(ChangeKind.Increment, new MergeBytes().Amount(difference));
                return true;
            case MergeKind.Maximum or MergeKind.Minimum when !slot.Added.Shares.IsEmpty:
                return false;
            case MergeKind.Maximum:
                if (ValueComparer.Compare(value, present) > 0)
                    Emit(ChangeKind.Maximum, new MergeBytes().Value(value));
                return true;
            case MergeKind.Minimum:
                if (ValueComparer.Compare(value, present) < 0)
                    Emit(ChangeKind.Minimum, new MergeBytes().Value(value));
                return true;
            default:
                return false;
        }
    }

    private void Unset(Slot? slot)
    {
        if (slot?.LastTouch() is null)
            return;
        TakeCountersAway(slot);
        Emit(ChangeKind.Unset, new MergeBytes().Shares(slot.Added));
    }

    /// <summary>Counters below what is replaced go by operations of their own, which say how much of them.</summary>
    private void TakeCountersAway(Slot? slot)
    {
        if (slot?.Children is null)
            return;
        foreach (var (name, child) in slot.Children.ToList())
        {
            if (!child.Added.Shares.IsEmpty)
                Under(name, () => Emit(ChangeKind.Unset, new MergeBytes().Shares(child.Added)));
            Under(name, () => TakeCountersAway(child));
        }
    }

    private static Value? Difference(Value value, Value present)
    {
        if (!value.IsInteger || !present.IsInteger)
            return Value.FromDouble(value.Number - present.Number) is { IsNumber: true } difference ? difference : null;
        var exact = (Int128)value.Integer - present.Integer;
        return exact >= long.MinValue && exact <= long.MaxValue ? Value.FromInteger((long)exact) : null;
    }

    private AttributeOperation? FindInferred(IReadOnlyList<AttributeOperation> inferred)
    {
        foreach (var operation in inferred)
        {
            if (operation.Path.Count == _path.Count && operation.Path.SequenceEqual(_path.Select(step => step.Name)))
                return operation;
        }
        return null;
    }

    private void Under(string name, Action write)
    {
        _path.Add(new MergeStep(name));
        write();
        _path.RemoveAt(_path.Count - 1);
    }

    private static Value WithoutNulls(Value value)
    {
        if (!value.IsObject)
            return value;
        using var builder = new ValueBuilder();
        DocumentMerge.WriteWithoutNulls(builder, value);
        return builder.Build();
    }

    private void NameGeneration(Generation generation)
    {
        if (generation.Stamp == default)
            return;
        Emit(ChangeKind.On, new MergeBytes().Stamp(generation.Stamp).Byte((byte)generation.Kind));
    }

    private void Emit(ChangeKind kind, MergeBytes payload) => Emit(kind, payload.ToArray());

    private void Emit(ChangeKind kind, byte[] payload) =>
        Add(new DocumentOperation(kind, kind is ChangeKind.Put or ChangeKind.Delete or ChangeKind.On or ChangeKind.Create ? [] : MergePath.Write(_path), payload));

    private void Add(DocumentOperation operation)
    {
        document.Apply(context, operation.Kind, operation.Path, operation.Payload, lost: null);
        operations.Add(operation);
    }

    private static byte[] Encode(Value body)
    {
        using var builder = new ValueBuilder();
        builder.Write(body);
        return builder.Written.ToArray();
    }
}
