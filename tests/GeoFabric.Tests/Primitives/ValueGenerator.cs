using System.Text;
using GeoFabric.Primitives.Values;

namespace GeoFabric.Tests.Primitives;

/// <summary>Random values with a taste for the awkward: extreme integers, close doubles, collation ties, nulls where they do not count.</summary>
internal sealed class ValueGenerator(int seed)
{
    private static readonly long[] Integers =
        [0, 1, -1, 2, 127, 128, -128, -129, 32767, 65536, int.MaxValue, int.MinValue, (1L << 53) - 1, 1L << 53, (1L << 53) + 1, long.MaxValue, long.MaxValue - 1, long.MaxValue - 512, long.MinValue, long.MinValue + 1];

    private static readonly double[] Doubles =
        [0, 1, 0.5, -0.5, 1e-7, 1e21, 1e300, -1e300, 9007199254740992, 9007199254740994, 9223372036854775808, -9223372036854775808, double.Epsilon, double.MaxValue, 0.1, 123456.789];

    private static readonly string[] Strings =
        ["", "a", "A", "b", "B", "ab", "aB", "Ab", "a b", "-", "10", "9", "é", "e\u0301", "z", "ä", "ß", "ss", "\0", "a\0", "日本", "\U0001F600", "co-op", "coop", "_x", "Zebra", "zebra", "a\uFFFF", "\u00AD", "\u00ADa"];

    private readonly Random _random = new(seed);

    public Value Next(int depth = 3) => _random.Next(depth > 0 ? 8 : 5) switch
    {
        0 => Value.Null,
        1 => Value.FromBoolean(_random.Next(2) == 0),
        2 => Value.FromInteger(_random.Next(3) == 0 ? _random.NextInt64() : Pick(Integers)),
        3 => Value.FromDouble(_random.Next(3) == 0 ? (_random.NextDouble() - 0.5) * Math.Pow(10, _random.Next(-20, 30)) : Pick(Doubles)),
        4 => Value.FromString(NextString()),
        5 or 6 => Value.FromList([.. Enumerable.Range(0, _random.Next(4)).Select(_ => Next(depth - 1))]),
        _ => NextObject(depth),
    };

    public string NextString() => _random.Next(3) switch
    {
        0 => Pick(Strings),
        1 => Pick(Strings) + Pick(Strings),
        _ => string.Concat(Enumerable.Range(0, _random.Next(8)).Select(_ => (char)_random.Next(' ', '~' + 1))),
    };

    public Value NextObject(int depth)
    {
        using var builder = new ValueBuilder();
        builder.BeginObject();
        foreach (var name in Enumerable.Range(0, _random.Next(4)).Select(_ => Pick(Strings)).Distinct(StringComparer.Ordinal))
            builder.WriteAttribute(Encoding.UTF8.GetBytes(name), Next(depth - 1));
        builder.EndObject();
        return builder.Build();
    }

    private T Pick<T>(T[] items) => items[_random.Next(items.Length)];
}
