using System.Collections.Concurrent;
using Xunit.Sdk;

namespace GeoFabric.Language.Tests.Golden;

/// <summary>Runs every case of every golden file. With UPDATE_GOLDEN=1 the expected texts are rewritten instead; the diff is the review.</summary>
public sealed class GoldenFileTests(GoldenFileTests.Updates updates) : IClassFixture<GoldenFileTests.Updates>
{
    public static IEnumerable<TheoryDataRow<string, int>> Cases() =>
        from file in GoldenFile.All()
        from golden in file.Cases()
        select new TheoryDataRow<string, int>(golden.File, golden.Line)
        {
            TestDisplayName = $"{golden.File}:{golden.Line} {golden.Directive} {(golden.Title.Length > 0 ? golden.Title : golden.Query.Replace('\n', ' '))}",
        };

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Golden_case_yields_its_expected_text(string file, int line)
    {
        var golden = updates.Case(file, line);

        var actual = await GoldenDirectives.Get(golden).RunAsync(golden, TestContext.Current.CancellationToken);

        actual = actual.ReplaceLineEndings("\n").TrimEnd('\n');
        if (Updates.IsOn)
            updates.Add(golden, actual);
        else if (actual != golden.Expected)
            throw EqualException.ForMismatchedValues(golden.Expected, actual, $"{golden.File}:{golden.Line}");
    }

    /// <summary>The parsed files, and the texts to write into them at the end of the run.</summary>
    public sealed class Updates : IDisposable
    {
        private readonly ConcurrentDictionary<string, Dictionary<int, GoldenCase>> _cases = new();
        private readonly ConcurrentDictionary<string, ConcurrentDictionary<int, string>> _expected = new();

        public static bool IsOn { get; } = Environment.GetEnvironmentVariable("UPDATE_GOLDEN") == "1";

        public GoldenCase Case(string file, int line) => _cases.GetOrAdd(file, Read)[line];

        public void Add(GoldenCase golden, string actual)
        {
            Assert.DoesNotContain("\n\n", actual, StringComparison.Ordinal);
            _expected.GetOrAdd(golden.File, _ => new())[golden.Line] = actual;
        }

        public void Dispose()
        {
            foreach (var (file, expected) in _expected)
                GoldenFile.Read(Path.Combine(GoldenFile.Root, file)).Update(expected);
        }

        private static Dictionary<int, GoldenCase> Read(string file) => GoldenFile.Read(Path.Combine(GoldenFile.Root, file)).Cases().ToDictionary(golden => golden.Line);
    }
}
