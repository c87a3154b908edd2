using GeoFabric.Query.Optimizer;

namespace GeoFabric.Tests.Tidy;

/// <summary>Every rule is scheduled once, and golden cases show where it fires and where it must not.</summary>
public sealed class RuleScheduleTests
{
    [Fact]
    public void Every_rule_is_scheduled_once()
    {
        var rules = typeof(IPlanRule).Assembly.GetTypes().Where(type => type is { IsClass: true, IsAbstract: false } && type.IsAssignableTo(typeof(IPlanRule)));

        Assert.Equal(
            rules.Select(type => type.Name).Order(StringComparer.Ordinal),
            RuleSchedule.Rules.Select(rule => rule.GetType().Name).Order(StringComparer.Ordinal));
        Assert.Distinct(RuleSchedule.Rules.Select(rule => rule.Name), StringComparer.Ordinal);
    }

    [Fact]
    public void Every_rule_has_golden_cases_where_it_fires_and_where_it_must_not()
    {
        var cases = string.Concat(Directory.EnumerateFiles(Path.Combine(SourceTree.Root, "tests/GeoFabric.Language.Tests/Cases/plans")).Select(File.ReadAllText));

        foreach (var rule in RuleSchedule.Rules)
        {
            Assert.Matches($@"\bexpect={rule.Name}(?=\s)", cases);
            Assert.Matches($@"\bexpect-not={rule.Name}(?=\s)", cases);
        }
    }
}
