using System.Numerics;
using System.Text;
using GeoFabric.Primitives.Values;

namespace GeoFabric.Language.Tests.Properties.Reference;

/// <summary>Truth, order and equality of values as the specification's section 2 states them, written a second time and as plainly as possible.</summary>
internal static class ReferenceValues
{
    public static IComparer<Value> Order { get; } = Comparer<Value>.Create(Compare);

    public static bool IsTrue(Value value) => value.Kind switch
    {
        ValueKind.Null => false,
        ValueKind.Boolean => value == Value.True,
        ValueKind.Number => value.Number != 0,
        ValueKind.String => value.Utf8.Length > 0,
        _ => true,
    };

    public static int Compare(Value left, Value right)
    {
        if (Rank(left) != Rank(right))
            return Rank(left) - Rank(right);
        return left.Kind switch
        {
            ValueKind.Null => 0,
            ValueKind.Boolean => IsTrue(left).CompareTo(IsTrue(right)),
            ValueKind.Number => left.IsInteger || right.IsInteger ? Exactly(left).CompareTo(Exactly(right)) : left.Number.CompareTo(right.Number),
            ValueKind.String => StringCollation.Compare(left.Utf8, right.Utf8),
            ValueKind.Array => CompareItems(Items(left), Items(right)),
            _ => CompareMembers(Members(left), Members(right)),
        };
    }

    public static bool AreEqual(Value left, Value right) => Compare(left, right) == 0;

    public static List<Value> Items(Value array)
    {
        var items = new List<Value>();
        foreach (var item in array.Items)
            items.Add(item);
        return items;
    }

    /// <summary>The attributes of an object, in their order.</summary>
    public static List<(string Name, Value Value)> Members(Value value)
    {
        var members = new List<(string, Value)>();
        foreach (var (name, member) in value.Attributes)
            members.Add((Encoding.UTF8.GetString(name), member));
        return members;
    }

    public static Value Object(IEnumerable<(string Name, Value Value)> members)
    {
        // Of two members with one name the last wins.
        var last = new Dictionary<string, Value>(StringComparer.Ordinal);
        var names = new List<string>();
        foreach (var (name, value) in members)
        {
            if (!last.ContainsKey(name))
                names.Add(name);
            last[name] = value;
        }
        using var builder = new ValueBuilder();
        builder.BeginObject();
        foreach (var name in names)
            builder.WriteAttribute(Encoding.UTF8.GetBytes(name), last[name]);
        builder.EndObject();
        return builder.Build();
    }

    public static Value Attribute(Value value, string name) => value.IsObject ? value.GetAttribute(Encoding.UTF8.GetBytes(name)) : Value.Null;

    private static int Rank(Value value) => value.Kind switch
    {
        ValueKind.Null => 0,
        ValueKind.Boolean => 1,
        ValueKind.Number => 2,
        ValueKind.String => 3,
        ValueKind.Array => 4,
        _ => 5,
    };

    /// <summary>Any number times 2^1100, which is an integer for every double.</summary>
    private static BigInteger Exactly(Value value)
    {
        const int Shift = 1100;
        if (value.IsInteger)
            return (BigInteger)value.Integer << Shift;
        var bits = BitConverter.DoubleToInt64Bits(value.Number);
        var exponent = (int)((bits >> 52) & 0x7FF);
        var mantissa = (BigInteger)(bits & 0xFFFFFFFFFFFFF);
        if (exponent > 0)
            mantissa += 1L << 52;
        else
            exponent = 1;
        var scaled = mantissa << (Shift + exponent - 1075);
        return bits < 0 ? -scaled : scaled;
    }

    private static int CompareItems(List<Value> left, List<Value> right)
    {
        for (var i = 0; i < Math.Max(left.Count, right.Count); i++)
        {
            var order = Compare(left.ElementAtOrDefault(i), right.ElementAtOrDefault(i));
            if (order != 0)
                return order;
        }
        return 0;
    }

    private static int CompareMembers(List<(string Name, Value Value)> left, List<(string Name, Value Value)> right)
    {
        // By code points, which is the order of UTF-8 but not of UTF-16.
        foreach (var name in left.Concat(right).Select(member => member.Name).Distinct().OrderBy(Encoding.UTF32.GetBytes, Comparer<byte[]>.Create((a, b) => CodePoints(a).SequenceCompareTo(CodePoints(b)))))
        {
            var order = Compare(left.Find(member => member.Name == name).Value, right.Find(member => member.Name == name).Value);
            if (order != 0)
                return order;
        }
        return 0;
    }

    private static ReadOnlySpan<int> CodePoints(byte[] utf32) => System.Runtime.InteropServices.MemoryMarshal.Cast<byte, int>(utf32);
}
