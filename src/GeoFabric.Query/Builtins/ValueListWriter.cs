using GeoFabric.Primitives.Errors;
using GeoFabric.Primitives.Values;
using GeoFabric.Query.Evaluation;

namespace GeoFabric.Query.Builtins;

/// <summary>Collects the items of an array result; counts their memory against the query and looks for its end now and then.</summary>
internal ref struct ValueListWriter
{
    /// <summary>Items of one array at most: beyond it a result is an error, not an exhausted machine.</summary>
    public const int ItemsMax = 1 << 26;

    private const int ItemBytes = 24;
    private readonly EvaluationContext _context;
    private Value[] _items;
    private int _count;

    /// <param name="context">The running query.</param>
    /// <param name="capacity">Expected items; the list grows beyond it.</param>
    public ValueListWriter(EvaluationContext context, int capacity)
    {
        _context = context;
        _items = [];
        Grow(capacity);
    }

    public readonly int Count => _count;

    public readonly Span<Value> Items => _items.AsSpan(0, _count);

    public void Add(Value item)
    {
        if (_count == _items.Length)
            Grow(Math.Max(8L, _items.Length * 2L));
        _items[_count++] = item;
        if ((_count & 0xFFF) == 0)
            _context.ThrowIfStopped();
    }

    public void AddAll(ArrayView items)
    {
        foreach (var item in items)
            Add(item);
    }

    public readonly Value ToValue() => _count == 0 ? Value.EmptyArray : Value.FromList(_items, _count);

    private void Grow(long capacity)
    {
        if (capacity <= _items.Length)
            return;
        if (capacity > ItemsMax && _items.Length < ItemsMax && _items.Length > 0)
            capacity = ItemsMax;
        if (capacity > ItemsMax)
            throw ErrorCodes.ResourceLimit.With($"an array of {capacity} items exceeds the limit of {ItemsMax} items");
        _context.ReserveMemory((capacity - _items.Length) * ItemBytes);
        Array.Resize(ref _items, (int)capacity);
    }
}
