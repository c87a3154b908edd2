namespace GeoFabric.Language.Tests.Golden;

/// <summary>The directives that golden files can use, by name.</summary>
public static class GoldenDirectives
{
    private static readonly Dictionary<string, IGoldenDirective> All = typeof(GoldenDirectives).Assembly.GetTypes()
        .Where(type => type is { IsClass: true, IsAbstract: false } && type.IsAssignableTo(typeof(IGoldenDirective)))
        .Select(type => (IGoldenDirective)Activator.CreateInstance(type)!)
        .ToDictionary(directive => directive.Name, StringComparer.Ordinal);

    public static IGoldenDirective Get(GoldenCase golden) =>
        All.TryGetValue(golden.Directive, out var directive)
            ? directive
            : throw new InvalidDataException($"{golden.File}:{golden.Line}: no directive '{golden.Directive}'; there are {string.Join(", ", All.Keys.Order(StringComparer.Ordinal))}.");
}
