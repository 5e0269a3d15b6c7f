/** The documented examples as orders, the last of them one that is refused. */
export const SAMPLE = `order,e-mail,phone
A-1,lorraine@hillvalley.edu,123456
A-2,mcfly@hillvalley.edu,123456
A-3,McFly@HillValley.edu,123-456
A-4,newunkonown@hillvalley.edu,789012
A-5,george@hillvalley.edu,919191
A-6,biffsucks@hillvalley.edu,717171
A-7,george@hillvalley.edu,717171
A-8,marty,
`
