using System.Runtime.CompilerServices;
using GeoFabric.Primitives.Hashing;

namespace GeoFabric.Primitives.Values;

/// <summary>A 64-bit hash that is equal for values that are equal by <see cref="ValueComparer.Equal"/>.</summary>
public static class ValueHasher
{
    public static ulong Hash(Value value) => value.Kind switch
    {
        ValueKind.Null => 0x6A09E667F3BCC908,
        ValueKind.Boolean => value.IsTruthy ? 0xBB67AE8584CAA73BUL : 0x3C6EF372FE94F82BUL,
        ValueKind.Number => HashNumber(value),
        ValueKind.String => XxHash64.Hash(value.Utf8, 3),
        ValueKind.Array => HashArray(value.Items),
        _ => HashObject(value.Attributes),
    };

    private static ulong HashNumber(Value value)
    {
        // 1 and 1.0 are equal: whole doubles in range hash as integers.
        if (value.IsInteger)
            return Mix((ulong)value.Integer);
        var number = value.Number;
        return number is >= -9223372036854775808.0 and < 9223372036854775808.0 && number == Math.Floor(number)
            ? Mix((ulong)(long)number)
            : Mix(BitConverter.DoubleToUInt64Bits(number) ^ 0xA5A5A5A5A5A5A5A5);
    }

    private static ulong HashArray(ArrayView items)
    {
        RuntimeHelpers.EnsureSufficientExecutionStack();
        // Trailing nulls do not count: [1] equals [1, null].
        var count = items.Count;
        while (count > 0 && items[count - 1].IsNull)
            count--;
        WatchedWork.Count(1 + items.Count);
        var hash = 0x510E527FADE682D1UL;
        for (var i = 0; i < count; i++)
            hash = Mix(hash ^ Hash(items[i])) + 0x9B05688C2B3E6C1F;
        return hash;
    }

    private static ulong HashObject(ObjectView attributes)
    {
        RuntimeHelpers.EnsureSufficientExecutionStack();
        WatchedWork.Count(1 + attributes.Count);
        // A sum, so that order does not matter; attributes that are null equal missing ones.
        var hash = 0x1F83D9ABFB41BD6BUL;
        foreach (var (name, value) in attributes)
        {
            if (!value.IsNull)
                hash += Mix(XxHash64.Hash(name, 5) ^ (Hash(value) * 0x9E3779B97F4A7C15));
        }
        return Mix(hash);
    }

    private static ulong Mix(ulong x)
    {
        x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9;
        x = (x ^ (x >> 27)) * 0x94D049BB133111EB;
        return x ^ (x >> 31);
    }
}
