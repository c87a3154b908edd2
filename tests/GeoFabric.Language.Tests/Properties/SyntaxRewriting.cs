using System.Collections;
using System.Collections.Immutable;
using System.Reflection;
using GeoFabric.Query.Syntax;

namespace GeoFabric.Language.Tests.Properties;

/// <summary>Changes syntax trees of any kind of node by reflection, so that new kinds need nothing here.</summary>
internal static class SyntaxRewriting
{
    private static readonly MethodInfo FromItems = typeof(SyntaxRewriting).GetMethod(nameof(ToImmutable), BindingFlags.NonPublic | BindingFlags.Static)!;

    /// <summary>Whether a value is a piece of syntax, or a list or pair of such.</summary>
    public static bool IsNode(object? value) => value is not null && value.GetType() is { IsEnum: false } type && type.Namespace == typeof(QuerySyntax).Namespace && type != typeof(SourceSpan);

    /// <summary>Rebuilds the tree from the leaves up; <paramref name="change"/> returns its argument to leave a node alone.</summary>
    public static object Rewrite(object node, Func<object, object> change) => change(ReplaceParts(node, part => Rewrite(part, change)));

    /// <summary>The same node with each direct part put through a function.</summary>
    public static object ReplaceParts(object node, Func<object, object> change)
    {
        object? copy = null;
        foreach (var property in Parts(node))
        {
            var before = property.GetValue(node);
            var after = Replace(before, change);
            if (ReferenceEquals(before, after))
                continue;
            copy ??= node.GetType().GetMethod("<Clone>$")!.Invoke(node, null)!;
            property.SetValue(copy, after);
        }
        return copy ?? node;
    }

    /// <summary>The properties that hold parts: nodes, and lists of them.</summary>
    public static IEnumerable<PropertyInfo> Parts(object node) => node.GetType().GetProperties()
        .Where(property => property.CanWrite && property.GetIndexParameters().Length == 0 && property.GetValue(node) is { } value && (IsNode(value) || IsList(value)));

    /// <summary>The items of an immutable array of nodes.</summary>
    public static List<object?> Items(object list) => [.. ((IEnumerable)list).Cast<object?>()];

    public static bool IsList(object value) => value.GetType() is { IsGenericType: true } type
        && type.GetGenericTypeDefinition() == typeof(ImmutableArray<>)
        && !(bool)type.GetProperty("IsDefault")!.GetValue(value)!;

    /// <summary>An immutable array of the given type.</summary>
    public static object MakeList(Type listType, IEnumerable<object?> items) => FromItems.MakeGenericMethod(listType.GetGenericArguments()[0]).Invoke(null, [items])!;

    private static object? Replace(object? value, Func<object, object> change)
    {
        if (IsNode(value))
            return change(value!);
        if (value is null || !IsList(value))
            return value;
        var items = Items(value);
        var changed = items.Select(item => IsNode(item) ? change(item!) : item).ToList();
        return items.Zip(changed).All(pair => ReferenceEquals(pair.First, pair.Second)) ? value : MakeList(value.GetType(), changed);
    }

    private static ImmutableArray<T> ToImmutable<T>(IEnumerable<object?> items) => [.. items.Cast<T>()];
}
