var builder = WebApplication.CreateSlimBuilder(args);
var application = builder.Build();
await application.RunAsync();
