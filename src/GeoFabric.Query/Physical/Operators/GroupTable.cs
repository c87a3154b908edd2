using GeoFabric.Primitives.Values;
using GeoFabric.Query.Evaluation;

namespace GeoFabric.Query.Physical.Operators;

/// <summary>Numbers the distinct tuples of group values in the order they come. Open addressing, linear probing, at most half full.</summary>
internal sealed class GroupTable(int keyCount)
{
    private readonly RowStore _keys = new(keyCount);
    private ulong[] _hashes = new ulong[32];
    private int[] _slots = NewSlots(64);

    public int Count => _keys.Count;

    public ReadOnlySpan<Value> this[int group] => _keys[group][..keyCount];

    /// <returns>The group's number, or -1 when there is none.</returns>
    public int Find(ReadOnlySpan<Value> key) => _slots[FindSlot(key, Hash(key))];

    /// <returns>The group's number; it is new when it equals the count before.</returns>
    public int FindOrAdd(ReadOnlySpan<Value> key, EvaluationContext context)
    {
        var hash = Hash(key);
        var slot = FindSlot(key, hash);
        if (_slots[slot] >= 0)
            return _slots[slot];
        var added = _keys.Count;
        _keys.Add(key, context);
        if (added == _hashes.Length)
            Array.Resize(ref _hashes, 2 * added);
        _hashes[added] = hash;
        _slots[slot] = added;
        if (2 * _keys.Count > _slots.Length)
            Grow();
        return added;
    }

    /// <summary>The slot that holds the key's group, or where it would go.</summary>
    private int FindSlot(ReadOnlySpan<Value> key, ulong hash)
    {
        var mask = _slots.Length - 1;
        var slot = (int)(hash & (ulong)mask);
        for (; _slots[slot] >= 0; slot = (slot + 1) & mask)
        {
            var group = _slots[slot];
            if (_hashes[group] == hash && AreEqual(_keys[group], key))
                break;
        }
        return slot;
    }

    public void Clear()
    {
        _keys.Clear();
        _slots = NewSlots(64);
    }

    private static int[] NewSlots(int count)
    {
        var slots = new int[count];
        Array.Fill(slots, -1);
        return slots;
    }

    public static ulong Hash(ReadOnlySpan<Value> key)
    {
        var hash = 0x9E3779B97F4A7C15UL;
        foreach (var value in key)
            hash = (hash ^ ValueHasher.Hash(value)) * 0xD6E8FEB86659FD93UL;
        return hash ^ (hash >> 32);
    }

    public static bool AreEqual(ReadOnlySpan<Value> stored, ReadOnlySpan<Value> key)
    {
        for (var i = 0; i < key.Length; i++)
        {
            if (!ValueComparer.Equal(stored[i], key[i]))
                return false;
        }
        return true;
    }

    private void Grow()
    {
        _slots = NewSlots(4 * _slots.Length);
        var mask = _slots.Length - 1;
        for (var group = 0; group < _keys.Count; group++)
        {
            var slot = (int)(_hashes[group] & (ulong)mask);
            while (_slots[slot] >= 0)
                slot = (slot + 1) & mask;
            _slots[slot] = group;
        }
    }
}
